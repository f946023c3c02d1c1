-- One row per reporting school and month that owes attendance: who is accounted for, and whether the school is silent.
with owing as (
    select s.school_code, m.month, m.owed_grade_9
    from conformed.school as s
    cross join validated.calendar_month as m
    where s.is_reporting and m.owed
),

live as (
    select o.school_code, o.month, e.person_id, e.grade, e.class_name
    from owing as o
    inner join conformed.enrolment as e on o.school_code = e.school_code and (e.grade <> '9' or o.owed_grade_9)
),

sent as (
    select distinct school.counts_at as school_code, r.month, 'roll' as shape
    from validated.class_roll as r
    inner join conformed.school as school on r.school_code = school.school_code
    where r.period = $period
    union
    select distinct school.counts_at as school_code, a.month, 'names' as shape
    from validated.attendance as a
    inner join conformed.school as school on a.school_code = school.school_code
    where a.period = $period
),

counted as (
    -- accounted for: named by the school's own attendance, or in a class that closes
    select
        l.school_code,
        l.month,
        count(*)::integer as expected,
        count(*) filter (where n.person_id is not null or c.closes)::integer as accounted
    from live as l
    left join conformed.absence as n
        on l.person_id = n.person_id and l.month = n.month and l.school_code = n.school_code and n.source = 'attendance'
    left join conformed.class_month as c
        on l.school_code = c.school_code and l.month = c.month and l.grade = c.grade and l.class_name = c.class_name
    group by l.school_code, l.month
),

missing as (
    select school_code, month, sum(enrolled_count - present_count) as missing
    from conformed.class_month
    group by school_code, month
),

judged as (
    select
        o.school_code,
        o.month,
        coalesce(c.expected, 0) as expected,
        coalesce(c.accounted, 0) as accounted,
        exists(select 1 from sent as s where s.school_code = o.school_code and s.month = o.month) as usable,
        coalesce(m.missing = 0, false) as zero_report
    from owing as o
    left join counted as c using (school_code, month)
    left join missing as m using (school_code, month)
)

select
    $period as period,
    $version::integer as version,
    school_code,
    month,
    expected,
    accounted,
    usable,
    usable and zero_report as zero_report,
    not usable or accounted < $silent_share * expected as silent
from judged
