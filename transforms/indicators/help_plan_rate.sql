-- One row per school and 年级段 in its last month with a figure. Rules page: help_plan_rate.md.
with told as (
    select s.counts_at as school_code, s.school_type, r.month, r.grade_band, r.struggling_pupils, r.help_plans
    from validated.school_work as r
    inner join conformed.school as s on r.school_code = s.school_code
    where r.period = $period and r.struggling_pupils is not null and r.help_plans is not null
    qualify row_number() over (
        partition by r.school_code, r.month, r.grade_band
        order by r.data_as_of desc nulls last, r.file_id desc, r.source_row desc
    ) = 1
),

last_month as (
    select * from told
    qualify month = max(month) over (partition by school_code)
)

select
    null::integer as person_id,
    null::varchar as township,
    null::varchar as village,
    school_code,
    case
        when grade_band = '初中' or (grade_band is null and school_type = '初级中学') then 'junior'
        when grade_band is not null or school_type in ('小学', '教学点') then 'primary'
    end as stage,
    null::varchar as grade,
    help_plans::bigint as numerator,
    struggling_pupils::bigint as denominator
from last_month
