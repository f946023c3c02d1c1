-- One row, the district: grade 9 at the start of the year against grade-1 pupils of eight years before.
-- Rules page: retention_rate_nine_national.md.
with entered as (
    select sum(coalesce(year_start_count, entrants)) as children
    from indicators.cohort_school
    where entry_grade = '1' and entry_year = $school_year - 8
    having count(*) > 0
)

select
    null::integer as person_id,
    null::varchar as township,
    null::varchar as village,
    null::varchar as school_code,
    null::varchar as stage,
    null::varchar as grade,
    (select count(*) from indicators.cohort_pupil where grade = '9' and at_start)::bigint as numerator,
    children::bigint as denominator
from entered
