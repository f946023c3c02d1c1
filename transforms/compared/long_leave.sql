-- One row per pupil on leave for 20 school days running, or in two months in a row: no 休学 applied for. Rules page: long_leave.md.
with told as (
    select month, school_code, identity, presence_status, absent_from, days_leave as days
    from validated.attendance
    union all
    select month, school_code, identity, presence_status, absent_from, absent_days_running as days
    from validated.absentee
),

leave as (
    select link.person_id, (t.month || '-01')::date as month, t.absent_from, t.days
    from told as t
    inner join conformed.link as link on t.identity = link.identity
    -- the month before the period is looked at too: two months in a row
    where t.presence_status = '请假' and t.month >= strftime($first_day - interval 1 month, '%Y-%m')
),

in_period as (
    select * from leave where month >= $first_day
),

run as (
    -- days rule where they are given; else a leave of which the first day is given runs to the end of the month that names it
    select l.person_id
    from in_period as l
    left join validated.school_day as d on d.day >= l.absent_from and d.day <= last_day(l.month)
    group by l.person_id, l.month, l.absent_from, l.days
    having coalesce(l.days, count(d.day)) >= $long_leave_days
    union
    select l.person_id
    from in_period as l
    inner join leave as before on l.person_id = before.person_id and before.month = (l.month - interval 1 month)::date
)

select e.person_id, e.school_code, e.grade, e.stage, e.matched_by
from run as r
inner join conformed.enrolment as e on r.person_id = e.person_id and e.registry_status = '在读'
