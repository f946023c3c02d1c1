-- One row per pair of registers and reason: every child of the first register stands under exactly one reason.
with from_roster as (
    select '底册' as from_register, '学籍' as to_register, why as reason from compared.standing
),

from_registry as (
    select
        '学籍' as from_register,
        '底册' as to_register,
        case
            when not e.is_school_age then '非学龄'
            when c.person_id is null then '底册外'
            when c.left_roster_as is not null then '底册' || c.left_roster_as
            else '底册在册'
        end as reason
    from conformed.enrolment as e
    left join conformed.child as c on e.person_id = c.person_id
),

last_month as (
    select *
    from conformed.presence
    qualify row_number() over (partition by person_id order by month desc) = 1
),

from_roll as (
    select
        '学籍' as from_register,
        '在校' as to_register,
        case
            when e.registry_status <> '在读' then e.registry_status
            when a.person_id is not null then '籍在人不在'
            when p.person_id is null then '本期不要求报送'
            when m.silent or m.silent is null then '学校未报送或报送不全'
            when p.state_in_month = '无故缺勤' then '无故缺勤未达天数'
            when p.state_in_month in ('不在名单', '离校未归') then '不在校已有去向'
            else p.state_in_month
        end as reason
    from conformed.enrolment as e
    left join last_month as p on e.person_id = p.person_id
    left join compared.absent as a on e.person_id = a.person_id
    left join compared.school_month as m on p.school_code = m.school_code and p.month = m.month
),

differences as (
    select * from from_roster
    union all
    select * from from_registry
    union all
    select * from from_roll
)

select $period as period, $version::integer as version, from_register, to_register, reason, count(*)::integer as children
from differences
group by from_register, to_register, reason
