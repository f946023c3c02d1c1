-- One row per school that reported its cohort: pupils of grade 9 now against its entrants of grade 7.
-- Rules page: retention_rate_junior3_simple.md.
with now as (
    select school_code, count(*) as pupils
    from indicators.cohort_pupil
    where grade = '9' and is_now
    group by school_code
)

select
    null::integer as person_id,
    null::varchar as township,
    null::varchar as village,
    c.school_code,
    'junior' as stage,
    null::varchar as grade,
    coalesce(n.pupils, 0)::bigint as numerator,
    (c.entrants)::bigint as denominator
from indicators.cohort_school as c
left join now as n on c.school_code = n.school_code
where c.entry_grade = '7' and c.entry_year = $school_year - 2
