-- One row, the district: grade 9 now against grade-1 entrants of eight years before, moves counted.
-- Rules page: retention_rate_nine.md.
with entered as (
    select sum(entrants + moved_net) as children
    from indicators.cohort_school
    where entry_grade = '1' and entry_year = $school_year - 8
    having count(*) > 0 and count(moved_net) = count(*)
)

select
    null::integer as person_id,
    null::varchar as township,
    null::varchar as village,
    null::varchar as school_code,
    null::varchar as stage,
    null::varchar as grade,
    (select count(*) from indicators.cohort_pupil where grade = '9' and is_now)::bigint as numerator,
    children::bigint as denominator
from entered
