-- One row per 在读 pupil of a school and class that reported. Rules page: in_school_rate.md.
with last_month as (
    select *
    from conformed.presence
    qualify row_number() over (partition by person_id order by month desc) = 1
)

select
    p.person_id,
    p.school_code,
    case when p.grade <= '6' then 'primary' else 'junior' end as stage,
    p.grade,
    p.state_in_month in ('在校', '请假') as in_numerator,
    null::boolean as in_low,
    null::boolean as in_high
from last_month as p
inner join compared.school_month as m on p.school_code = m.school_code and p.month = m.month and not m.silent
where p.state_in_month not in ('送教上门', '班级不闭合', '未知')
