-- One row per pupil, month and school named in 在校学生月报 with both day counts. Rules page: absence_rate.md.
with named as (
    select *
    from validated.attendance
    where period = $period and days_due is not null and days_absent is not null
    qualify row_number() over (
        partition by month, school_code, identity
        order by data_as_of desc nulls last, file_id desc, source_row desc
    ) = 1
),

placed as (
    select
        link.person_id,
        s.counts_at as school_code,
        coalesce(e.grade, n.grade) as grade,
        n.days_absent,
        n.days_due
    from named as n
    inner join conformed.school as s on n.school_code = s.school_code
    left join conformed.link as link on n.identity = link.identity
    left join conformed.enrolment as e on link.person_id = e.person_id
)

select
    person_id,
    null::varchar as township,
    null::varchar as village,
    school_code,
    case when grade <= '6' then 'primary' when grade is not null then 'junior' end as stage,
    grade,
    -- half days round up, pupil by pupil, so that parts keep adding up to wholes
    round(days_absent)::bigint as numerator,
    round(days_due)::bigint as denominator
from placed
