-- One row per 在读 pupil and month that owes attendance for the pupil's grade.
with owed as (
    select e.person_id, e.school_code, e.grade, e.class_name, e.is_home_taught, m.month
    from conformed.enrolment as e
    inner join validated.calendar_month as m on m.owed and (e.grade <> '9' or m.owed_grade_9)
    where e.registry_status = '在读'
),

best as (
    -- being on another school's classroom list wins over 离校未归
    select *
    from conformed.absence
    qualify row_number() over (
        partition by person_id, month
        order by
            case presence_status when '在校' then 1 when '请假' then 2 when '休学' then 3 when '无故缺勤' then 4 else 5 end,
            unexcused_run desc nulls first, school_code
    ) = 1
),

sends_names as (
    select distinct school_code, month
    from conformed.absence
    where source = 'attendance'
)

select
    o.person_id,
    o.month,
    o.school_code,
    o.grade,
    o.class_name,
    case
        when o.is_home_taught then '送教上门'
        when b.person_id is not null then b.presence_status
        when c.closes then '在校'
        when c.closes is not null then '班级不闭合'
        when s.school_code is not null then '不在名单'
        else '未知'
    end as state_in_month,
    b.unexcused_run
from owed as o
left join best as b on o.person_id = b.person_id and o.month = b.month
left join conformed.class_month as c
    on o.school_code = c.school_code and o.month = c.month and o.grade = c.grade and o.class_name = c.class_name
left join sends_names as s on o.school_code = s.school_code and o.month = s.month
