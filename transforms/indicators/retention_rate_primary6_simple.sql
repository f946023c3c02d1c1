-- One row per school that reported its cohort: pupils of grade 6 now against its entrants of grade 1.
-- Rules page: retention_rate_primary6_simple.md.
with now as (
    select school_code, count(*) as pupils
    from indicators.cohort_pupil
    where grade = '6' and is_now
    group by school_code
)

select
    null::integer as person_id,
    null::varchar as township,
    null::varchar as village,
    c.school_code,
    'primary' as stage,
    null::varchar as grade,
    coalesce(n.pupils, 0)::bigint as numerator,
    (c.entrants)::bigint as denominator
from indicators.cohort_school as c
left join now as n on c.school_code = n.school_code
where c.entry_grade = '1' and c.entry_year = $school_year - 5
