-- One row per earlier case that stayed open when every later case of its child had closed, and stretch of periods in which a word
-- that names no case moves it: after the first, up to and with the last. Two persons with a case each can prove to be one.
with person_opening as (
    select o.case_no, o.opened_in, p.person_id
    from conformed.kept_opening as o
    inner join conformed.person as p on o.child_key = p.child_key
),

alone as (
    select earlier.case_no, max(l.after_period) as since
    from person_opening as earlier
    inner join person_opening as later
        on earlier.person_id = later.person_id
        and earlier.opened_in || earlier.case_no < later.opened_in || later.case_no
    inner join cases.stretch as l on later.case_no = l.case_no and l.last_period = '9999'
    group by earlier.case_no
    having bool_and(l.state = '已销号')
)

select s.case_no, greatest(s.after_period, a.since) as after_period, s.last_period
from cases.stretch as s
inner join alone as a on s.case_no = a.case_no
where s.state <> '已销号' and s.last_period > a.since
