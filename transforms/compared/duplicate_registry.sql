-- One row per person with more than one live record, or whose 学籍号 another person holds too.
with live as (
    select
        *,
        registry_status in ('毕业', '结业') as is_finished,
        bool_or(registry_status not in ('毕业', '结业')) over (partition by person_id) as goes_on
    from conformed.record
    where period = $period and is_live
),

several as (
    -- a 转出中 beside a 在读 is one child moving (contract §1), and so is a finished grade 6 beside the new record
    select person_id
    from live
    where not (is_finished and goes_on)
    group by person_id
    having count(*) > 1
        and not (
            count(*) filter (where registry_status = '在读') = 1
            and count(*) filter (where registry_status = '转出中') = count(*) - 1
        )
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
