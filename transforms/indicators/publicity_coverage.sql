-- One row per school that reported: pupils reached in its last month with a figure, and its live records.
-- Rules page: publicity_coverage.md.
with told as (
    select s.counts_at as school_code, r.month, r.law_reached
    from validated.school_work as r
    inner join conformed.school as s on r.school_code = s.school_code
    where r.period = $period and r.law_reached is not null
    qualify row_number() over (
        partition by r.school_code, r.month, r.grade_band
        order by r.data_as_of desc nulls last, r.file_id desc, r.source_row desc
    ) = 1
),

last_month as (
    select school_code, month, sum(law_reached) as reached
    from told
    group by school_code, month
    qualify month = max(month) over (partition by school_code)
),

live as (
    select school_code, count(*) as pupils from conformed.enrolment group by school_code
)

select
    null::integer as person_id,
    null::varchar as township,
    null::varchar as village,
    l.school_code,
    null::varchar as stage,
    null::varchar as grade,
    l.reached::bigint as numerator,
    coalesce(v.pupils, 0)::bigint as denominator
from last_month as l
left join live as v on l.school_code = v.school_code
