-- One row per class and month of the period: its head count and whether it closes.
with roll as (
    select
        school.counts_at as school_code,
        r.month,
        r.grade,
        class_key(r.class_name) as class_name,
        r.enrolled_count,
        r.present_count
    from validated.class_roll as r
    inner join conformed.school as school on r.school_code = school.school_code
    where r.period = $period
    qualify row_number() over (
        partition by r.school_code, r.month, r.grade, class_key(r.class_name)
        order by r.data_as_of desc nulls last, r.file_id desc, r.source_row desc
    ) = 1
),

roll_of_class as (
    select school_code, month, grade, class_name, sum(enrolled_count)::integer as enrolled_count,
        sum(present_count)::integer as present_count
    from roll
    group by school_code, month, grade, class_name
),

listed as (
    select
        school.counts_at as school_code,
        a.month,
        a.grade,
        class_key(a.class_name) as class_name,
        -- a list handed in twice names each pupil once
        count(distinct coalesce(link.person_id::varchar, a.identity))::integer as listed
    from validated.absentee as a
    inner join conformed.school as school on a.school_code = school.school_code
    left join conformed.link as link on a.identity = link.identity
    where a.period = $period
    group by all
)

select
    r.school_code,
    r.month,
    r.grade,
    r.class_name,
    r.enrolled_count,
    r.present_count,
    coalesce(l.listed, 0) as listed,
    r.enrolled_count - r.present_count = coalesce(l.listed, 0) as closes
from roll_of_class as r
left join listed as l using (school_code, month, grade, class_name)
