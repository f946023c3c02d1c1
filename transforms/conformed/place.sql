-- One row per person: the school of its live, else its last record; the 镇街 of its 底册 row, else of its school (contract §7).
with last_record as (
    select person_id, arg_max(school_code, period) as school_code, arg_max(grade, period) as grade
    from conformed.record
    group by person_id
),

told as (
    -- a child in no register of ours stands where the list that names it puts it
    select person_id, township, village, school_code, listed_in as period, 1 as rank from conformed.listing
    union all
    select link.person_id, d.township, d.village, null as school_code, d.period, 2 as rank
    from validated.disabled as d inner join conformed.link as link on d.identity = link.identity
    union all
    select link.person_id, m.township, m.village, null as school_code, m.period, 3 as rank
    from validated.monitored as m inner join conformed.link as link on m.identity = link.identity
    union all
    select link.person_id, c.township, c.village, null as school_code, c.period, 4 as rank
    from validated.care as c inner join conformed.link as link on c.identity = link.identity
    union all
    -- a child whom no file names any more stands where its case was opened
    select link.person_id, o.township, o.village, o.school_code, o.opened_in as period, 5 as rank
    from validated.earlier_opening as o inner join conformed.link as link on o.identity = link.identity
),

listed as (
    select person_id, township, village, school_code
    from told
    qualify row_number() over (
        partition by person_id order by township is null, rank, period desc, village nulls last, school_code nulls last
    ) = 1
),

placed as (
    select
        p.person_id,
        p.child_key,
        c.township,
        c.village,
        l.township as listed_township,
        l.village as listed_village,
        coalesce(e.school_code, r.school_code, l.school_code) as school_code,
        coalesce(e.school_code, r.school_code) is not null as has_record,
        coalesce(e.grade, r.grade) as grade
    from conformed.person as p
    left join conformed.child as c on p.person_id = c.person_id
    left join conformed.enrolment as e on p.person_id = e.person_id
    left join last_record as r on p.person_id = r.person_id
    left join listed as l on p.person_id = l.person_id
)

select
    p.person_id,
    p.child_key,
    -- without a record of ours the school is only what the list says of the past
    coalesce(p.township, case when p.has_record then school.township end, p.listed_township, school.township) as township,
    case
        when p.township is not null then p.village
        when not p.has_record or school.township is null or school.township = p.listed_township then p.listed_village
    end as village,
    p.school_code,
    p.grade
from placed as p
left join conformed.school as school on p.school_code = school.school_code
