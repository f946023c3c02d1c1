-- One row per junior pupil (numerator) and per child of junior age (denominator).
-- Rules page: gross_enrolment_rate_junior.md.
-- A pupil stands at the 镇街 of the 底册 row, else of the school.
with pupil as (
    select
        e.person_id,
        coalesce(c.township, e.township_of_school) as township,
        c.village,
        1 as numerator,
        0 as denominator
    from conformed.enrolment as e
    left join conformed.child as c on e.person_id = c.person_id
    where e.stage = 'junior'
),

child as (
    select person_id, township, village, 0 as numerator, 1 as denominator
    from indicators.due_child
    where stage = 'junior'
),

counted as (
    select * from pupil
    union all
    select * from child
)

select
    person_id,
    township,
    village,
    null::varchar as school_code,
    'junior' as stage,
    null::varchar as grade,
    numerator::bigint as numerator,
    denominator::bigint as denominator
from counted
