-- One row per open case: the day it is due and how many working days it is late on the issue date.
with started as (
    -- the clock starts the day after the issue date or the day of the word; a batch's own day rules
    select
        s.*,
        case
            when s.state = '待核实' then $verification_working_days
            when s.state = '外地就读待转学' then $transfer_working_days
            when s.state = '劝返中' then $persuasion_working_days
            when s.state = '失联' then $lost_report_working_days
        end::integer as days,
        case
            when s.says is null then s.opened_on
            -- what held to a day and holds no more: the clock starts on that day
            when s.state = '待核实' and s.says <> '其他' then coalesce(w.holds_until, s.said_on)
            else s.said_on
        end as clock_from
    from cases.standing as s
    left join cases.last_word as w on s.case_no = w.case_no
    where s.state <> '已销号'
),

placed as (
    select s.*, w.seq + s.days as due_seq
    from started as s
    asof left join validated.working_day as w on s.clock_from >= w.day
),

due as (
    select
        p.case_no,
        case
            when p.evidence_due is not null then p.evidence_due
            when p.state = '待核实' and p.says is null and p.verify_by is not null then p.verify_by
            when p.state = '在册跟踪' then p.holds_until
            when p.state = '复学跟踪' then o.watched_until
            else w.day
        end as due_on
    from placed as p
    left join validated.working_day as w on p.due_seq = w.seq
    left join cases.observation as o on p.case_no = o.case_no
)

select d.case_no, d.due_on, case when d.due_on is not null then count(w.day)::integer end as overdue_working_days
from due as d
left join validated.working_day as w on w.day > d.due_on and w.day <= $issued
group by d.case_no, d.due_on
