-- One row per person with a live record in this period's snapshot: the record where the person counts.
with counted as (
    select person_id, count(*)::integer as records
    from conformed.record
    where period = $period and is_live
    group by person_id
),

aged as (
    select
        *,
        age_in(birth_date, $school_year) as age
    from conformed.person
)

select
    r.person_id,
    p.child_key,
    r.school_code,
    s.township as township_of_school,
    s.school_zone,
    s.supervision_zone,
    r.grade,
    r.stage,
    r.class_name,
    r.registry_status,
    r.boarding, r.left_behind, r.is_migrant_worker_child, r.is_orphan, r.disability_type, r.is_home_taught, r.ethnicity,
    r.matched_by,
    c.records,
    p.age::integer as age,
    coalesce(p.age between 6 and 14, false) as is_school_age
from conformed.record as r
inner join aged as p on r.person_id = p.person_id
inner join counted as c on r.person_id = c.person_id
left join conformed.school as s on r.school_code = s.school_code
where r.period = $period and r.is_chosen
