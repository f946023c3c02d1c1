-- One row per case, with its owner and its clock. First owner by opening (contract §6).
with placed as (
    select
        s.*,
        coalesce(c.township, school.township) as township,
        c.village,
        coalesce(e.school_code, last.school_code) as school_code,
        case
            when s.opened_by = 'absent' then 'school'
            when e.school_code is not null then 'school'
            when c.village is not null then 'village'
            else 'township'
        end as owner_level
    from cases.standing as s
    left join conformed.child as c on s.person_id = c.person_id
    left join conformed.enrolment as e on s.person_id = e.person_id
    left join (
        select person_id, arg_max(school_code, period) as school_code from conformed.record group by person_id
    ) as last on s.person_id = last.person_id
    left join conformed.school as school on coalesce(e.school_code, last.school_code) = school.school_code
),

clocked as (
    -- the clock starts the day after the issue date or the day of the ruling; a batch's own day rules
    select
        p.*,
        case p.state
            when '待核实' then $verification_working_days
            when '待补佐证' then $evidence_working_days
            when '外地就读待转学' then $transfer_working_days
            when '劝返中' then $persuasion_school_days
            when '失联' then $persuasion_school_days
        end::integer as days,
        case when p.state = '待核实' then p.opened_on else p.said_on end as clock_from
    from placed as p
),

started as (
    select c.*, w.seq + c.days as due_seq
    from clocked as c
    asof left join validated.working_day as w on c.clock_from >= w.day
),

due as (
    select
        s.*,
        case when s.state = '待核实' and s.verify_by is not null then s.verify_by else w.day end as due_on
    from started as s
    left join validated.working_day as w on s.due_seq = w.seq
),

overdue as (
    select d.case_no, count(*)::integer as days
    from due as d
    inner join validated.working_day as w on w.day > d.due_on and w.day <= $issued
    group by d.case_no
)

select
    $period as period,
    $version::integer as version,
    d.case_no,
    d.child_key,
    d.state,
    d.opened_on,
    d.opened_by,
    d.closed_on,
    d.closed_as,
    case when d.state = '已销号' then null else d.owner_level end as owner_level,
    case
        when d.state = '已销号' then null
        when d.owner_level = 'school' then s.school_name
        when d.owner_level = 'village' then d.township || d.village
        else d.township
    end as owner_office,
    d.due_on,
    case when d.due_on is not null then coalesce(o.days, 0) end as overdue_working_days,
    d.returned_on,
    0::integer as relapses,
    null::date as platform_closed_on,
    d.township,
    d.village,
    d.school_code
from due as d
left join overdue as o on d.case_no = o.case_no
left join conformed.school as s on d.school_code = s.school_code
