-- One row per pair of registers and child of the first: the one reason that says where the second has it.
with from_roster as (
    select person_id, '底册' as from_register, '学籍' as to_register, why as reason from compared.standing
),

from_registry as (
    select
        e.person_id,
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
        e.person_id,
        '学籍' as from_register,
        '在校' as to_register,
        case
            when e.registry_status <> '在读' then e.registry_status
            when a.person_id is not null then '籍在人不在'
            when p.person_id is null then '本期不要求报送'
            when m.silent or m.silent is null then '学校未报送或报送不全'
            when p.state_in_month in ('班级不闭合', '未知') then '班级未报或人数不闭合'
            when p.state_in_month = '无故缺勤' then '无故缺勤未达天数'
            when p.state_in_month in ('不在名单', '离校未归') then '不在校已有去向'
            else p.state_in_month
        end as reason
    from conformed.enrolment as e
    left join last_month as p on e.person_id = p.person_id
    left join compared.absent as a on e.person_id = a.person_id
    left join compared.school_month as m on p.school_code = m.school_code and p.month = m.month
),

listed as (
    -- every line of a list that was ever told apart, once a child
    select distinct person_id from conformed.listing
),

from_list as (
    select
        l.person_id,
        '名单' as from_register,
        '学籍' as to_register,
        case
            when e.person_id is not null then '本区在籍'
            when c.person_id is null then '底册外、无学籍'
            else coalesce(s.why, '非学龄')
        end as reason
    from listed as l
    left join conformed.enrolment as e on l.person_id = e.person_id
    left join conformed.child as c on l.person_id = c.person_id
    left join compared.standing as s on l.person_id = s.person_id
),

on_platform as (
    -- of kind 当期: an older list of the platform's says nothing of this period
    select distinct link.person_id
    from validated.platform as p
    inner join conformed.link as link on p.identity = link.identity
    where p.period = $period
),

from_platform as (
    select
        p.person_id,
        '平台' as from_register,
        '名单' as to_register,
        case when l.person_id is not null then '名单所列' else '名单未列' end as reason
    from on_platform as p
    left join listed as l on p.person_id = l.person_id
),

differences as (
    select * from from_roster
    union all
    select * from from_registry
    union all
    select * from from_roll
    union all
    select * from from_list
    union all
    select * from from_platform
)

select person_id, from_register, to_register, reason
from differences
