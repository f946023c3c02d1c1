-- One row per earlier case that stayed open when every later case of its child had closed, and stretch of periods in which a word
-- that names no case moves it: after the first, up to and with the last. Two persons with a case each can prove to be one.
with person_opening as (
    select o.case_no, o.opened_in, p.person_id
    from conformed.kept_opening as o
    inner join conformed.person as p on o.child_key = p.child_key
),

kept as (
    select case_no, changed_in, arg_max(state, nth) as state
    from validated.earlier_change
    group by case_no, changed_in
),

last_kept as (
    select case_no, max(changed_in) as changed_in, arg_max(state, changed_in) as state
    from kept
    group by case_no
),

alone as (
    select earlier.case_no, max(l.changed_in) as since
    from person_opening as earlier
    inner join person_opening as later
        on earlier.person_id = later.person_id
        and earlier.opened_in || earlier.case_no < later.opened_in || later.case_no
    left join last_kept as l on later.case_no = l.case_no
    group by earlier.case_no
    having bool_and(coalesce(l.state = '已销号', false))
),

stood as (
    -- as it was opened, and as each period left it
    select case_no, opened_in as since, 0 as nth, '待核实' as state from person_opening
    union all
    select case_no, changed_in as since, 1 as nth, state from kept
),

stretch as (
    select case_no, since, state, coalesce(lead(since) over (partition by case_no order by since, nth), '9999') as stood_to
    from stood
)

select s.case_no, greatest(s.since, a.since) as after_period, s.stood_to as last_period
from stretch as s
inner join alone as a on s.case_no = a.case_no
where s.state <> '已销号' and s.stood_to > a.since
