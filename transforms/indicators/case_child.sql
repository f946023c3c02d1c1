-- One row per case and child, with what the rates of the cases count. A verification is due on the batch's own
-- day, else the working days of the setting after the day the case was opened.
with span as (
    select
        o.case_no, o.opened_in, o.issued_on, o.verify_by, s.person_id,
        coalesce(lead(o.opened_in) over (partition by s.person_id order by o.opened_in, o.case_no), '9999')
            as next_opened_in
    from cases.opening as o
    inner join cases.standing as s on o.case_no = s.case_no
),

first_ruling as (
    select s.case_no, min(r.said_on) as verified_on
    from span as s
    inner join conformed.ruling as r
        on
            s.person_id = r.person_id and r.learned_in >= s.opened_in and r.learned_in < s.next_opened_in
            and (s.issued_on is null or r.said_on >= s.issued_on)
    group by s.case_no
),

clock as (
    select c.case_no, w.seq + $verification_working_days::integer as due_seq
    from cases."case" as c
    asof inner join validated.working_day as w on c.opened_on >= w.day
),

before as (
    select child_key, bool_or(ledger in ('suspected', 'dropout')) as was_on_ledger
    from validated.earlier_member
    where ledger <> 'school_age'
    group by child_key
),

carried as (
    -- open when the period began: as the last period's ledgers say, for what is known now may close it sooner;
    -- or reopened in it
    select span.case_no, coalesce(was.was_on_ledger, true) as was_on_ledger
    from span
    inner join cases."case" as c on span.case_no = c.case_no
    left join cases.before as b on span.case_no = b.case_no
    left join before as was on c.child_key = was.child_key
    where
        span.opened_in < $period
        and (coalesce(b.is_open, false) or (was.child_key is not null and span.next_opened_in >= $period))
)

select
    c.case_no,
    span.person_id,
    c.township,
    c.village,
    c.school_code,
    coalesce(m.stage, e.stage, child.stage_by_age) as stage,
    carried.case_no is not null or span.opened_in = $period as is_active,
    span.opened_in = $period as is_new,
    -- without a ledger of the last period, a case carried over counts as having been on one
    coalesce(carried.was_on_ledger, false) as was_on_ledger,
    c.state in ('待核实', '待补佐证', '外地就读待转学', '劝返中', '失联', '复学跟踪') as is_on_ledger,
    c.state = '已销号' as is_closed,
    f.verified_on,
    coalesce(span.verify_by, w.day) as verify_due,
    s.relapsed_from,
    s.is_back,
    c.returned_on,
    s.confirmed_on,
    c.closed_on,
    c.closed_as,
    c.state
from cases."case" as c
inner join span on c.case_no = span.case_no
inner join cases.standing as s on c.case_no = s.case_no
left join carried on c.case_no = carried.case_no
left join first_ruling as f on c.case_no = f.case_no
left join clock on c.case_no = clock.case_no
left join validated.working_day as w on clock.due_seq = w.seq
left join indicators.membership as m on span.person_id = m.person_id
left join conformed.enrolment as e on span.person_id = e.person_id
left join conformed.child as child on span.person_id = child.person_id
