-- One row per person with more than one live record, or whose 学籍号 another person holds too.
with live as (
    select *
    from conformed.record
    where period = $period and is_live
),

several as (
    -- a 转出中 beside a 在读 is one child moving (contract §1)
    select person_id
    from live
    group by person_id
    having count(*) filter (where registry_status <> '转出中') > 1
        or (count(*) > 1 and count(*) = count(*) filter (where registry_status = '转出中'))
),

shared as (
    select registry_number
    from live
    where registry_number is not null
    group by registry_number
    having count(distinct person_id) > 1
),

found as (
    select person_id from several
    union
    select live.person_id from live inner join shared on live.registry_number = shared.registry_number
)

select f.person_id, e.school_code, e.grade, e.stage, e.matched_by
from found as f
inner join conformed.enrolment as e on f.person_id = e.person_id
