-- One row per entry stage: children on the 新生名册, and how many of them stand on a roll here.
with listed as (
    select link.person_id, i.reported_on, i.served_on, s.school_type
    from validated.intake as i
    inner join conformed.link as link on i.identity = link.identity
    inner join conformed.school as s on i.intake_school_code = s.school_code
    -- a school's later list replaces its earlier one (contract §3)
    where i.period between $intake_from and $period
    qualify
        i.period = max(i.period) over (partition by i.intake_school_code)
        and row_number() over (
            partition by link.person_id order by i.period desc, i.reported_on desc nulls last, i.intake_school_code
        ) = 1
),

staged as (
    -- an entrant past twelve enters junior school
    select
        l.person_id,
        l.reported_on,
        case when coalesce(p.birth_date <= make_date($school_year::integer - 10, 8, 31), l.school_type = '初级中学')
            then '初中' else '小学' end as stage
    from listed as l
    inner join conformed.person as p on l.person_id = p.person_id
)

select
    t.stage,
    count(*) as listed,
    count(*) filter (where t.reported_on <= $as_of) as reported,
    count(*) filter (where e.person_id is not null) as on_roll,
    count(*) filter (where e.person_id is null) as without_record
from staged as t
left join conformed.enrolment as e on t.person_id = e.person_id
group by t.stage
order by t.stage desc
