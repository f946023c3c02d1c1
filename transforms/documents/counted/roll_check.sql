-- One row per stage: every live record and where it was in the last month that owed attendance.
with last_month as (
    select *
    from conformed.presence
    qualify row_number() over (partition by person_id order by month desc) = 1
),

told as (
    select
        e.stage,
        case
            when e.registry_status <> '在读' then '休学'
            when a.person_id is not null then '不在'
            when p.person_id is null then '不报'
            when m.silent or m.silent is null or p.state_in_month in ('未知', '班级不闭合') then '未报'
            when p.state_in_month in ('在校', '请假', '无故缺勤', '休学', '送教上门') then p.state_in_month
            else '已有'
        end as outcome
    from conformed.enrolment as e
    left join last_month as p on e.person_id = p.person_id
    left join compared.absent as a on e.person_id = a.person_id
    left join compared.school_month as m on p.school_code = m.school_code and p.month = m.month
)

select
    case stage when 'primary' then '小学' when 'junior' then '初中' else '学段未明' end as stage,
    count(*) as pupils,
    count(*) filter (where outcome = '在校') as present,
    count(*) filter (where outcome = '请假') as excused,
    count(*) filter (where outcome = '无故缺勤') as short_absence,
    count(*) filter (where outcome = '休学') as suspended,
    count(*) filter (where outcome = '送教上门') as home_taught,
    count(*) filter (where outcome = '已有') as explained,
    count(*) filter (where outcome = '不在') as missing,
    count(*) filter (where outcome = '不报') as not_owed,
    count(*) filter (where outcome = '未报') as unreported
from told
group by stage
order by stage desc
