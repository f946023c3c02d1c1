-- One row per person, month and school that names the pupil, in `attendance` or `absentee`.
with named as (
    select period, month, school_code, grade, class_name, name, identity, presence_status, absent_from,
        longest_unexcused_days as days, 'attendance' as source
    from validated.attendance
    union all
    select period, month, school_code, grade, class_name, name, identity, presence_status, absent_from,
        absent_days_running as days, 'absentee' as source
    from validated.absentee
),

in_period as (
    select
        n.* exclude (school_code, class_name),
        school.counts_at as school_code,
        class_key(n.class_name) as class_name,
        link.person_id,
        coalesce(link.matched_by = 'id' or live.person_id is not null, false) as is_known
    from named as n
    inner join conformed.school as school on n.school_code = school.school_code
    left join conformed.link as link on n.identity = link.identity
    left join conformed.enrolment as live on link.person_id = live.person_id
    where n.period = $period
),

class_name_owner as (
    -- a name alone is enough only where it is unique among the class's records (contract §3)
    select e.school_code, e.grade, e.class_name, p.name, min(e.person_id) as person_id
    from conformed.enrolment as e
    inner join conformed.person as p on e.person_id = p.person_id
    group by e.school_code, e.grade, e.class_name, p.name
    having count(*) = 1
),

found as (
    select i.* exclude (person_id), case when i.is_known then i.person_id else coalesce(o.person_id, i.person_id) end
        as person_id
    from in_period as i
    left join class_name_owner as o using (school_code, grade, class_name, name)
),

run as (
    -- a run joins across months when its first day is given: school days before this month count too
    select
        f.person_id,
        f.month,
        f.school_code,
        f.presence_status,
        f.days,
        f.source,
        f.absent_from,
        count(d.day) filter (where d.day < (f.month || '-01')::date) as days_before,
        count(d.day) as days_to_end
    from found as f
    left join validated.school_day as d
        on d.day >= f.absent_from and d.day <= last_day((f.month || '-01')::date) and f.presence_status = '无故缺勤'
    where f.person_id is not null
    group by f.person_id, f.month, f.school_code, f.presence_status, f.days, f.source, f.absent_from
)

select
    person_id,
    month,
    school_code,
    presence_status,
    case
        when presence_status <> '无故缺勤' then null
        when days is null and absent_from is null then null
        when absent_from is null then days
        when days is null then days_to_end
        else greatest(days, least(days + days_before, days_to_end))
    end::double as unexcused_run,
    absent_from,
    source
from run
qualify row_number() over (
    partition by person_id, month, school_code
    order by
        case presence_status when '在校' then 1 when '请假' then 2 when '休学' then 3 when '无故缺勤' then 4 else 5 end,
        days desc nulls last, source
) = 1
