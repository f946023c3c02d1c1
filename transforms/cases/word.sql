-- One row per case of an earlier period and what moved it: a ruling, or a turn kept from an earlier period.
with person_opening as (
    select
        o.case_no, o.opened_in, o.issued_on, p.person_id,
        coalesce(lead(o.opened_in) over (partition by p.person_id order by o.opened_in, o.case_no), '9999') as next_opened_in
    from conformed.kept_opening as o
    inner join conformed.person as p on o.child_key = p.child_key
),

told as (
    select
        o.case_no, o.person_id, r.learned_in, r.said_on, r.unit_rank, r.statement_kind, r.says, r.state, r.closed_as,
        r.confirmed_on, r.waits_for_review, r.holds_until, r.returned_on, r.settled_on,
        coalesce(r.case_no = o.case_no, false) as names_case
    from person_opening as o
    inner join conformed.ruling as r
        on o.person_id = r.person_id
        -- a word that names an old case by its number belongs to that case (false evidence reopens it)
        and (
            (r.learned_in >= o.opened_in and r.learned_in < o.next_opened_in)
            or (r.case_no = o.case_no and r.learned_in >= o.opened_in)
        )
        -- what was said before a list came out only pre-fills the proposed result
        and (o.issued_on is null or r.said_on >= o.issued_on)
    union all
    -- the later cases have closed and this one has not: the child's words are its own
    select
        o.case_no, o.person_id, r.learned_in, r.said_on, r.unit_rank, r.statement_kind, r.says, r.state, r.closed_as,
        r.confirmed_on, r.waits_for_review, r.holds_until, r.returned_on, r.settled_on,
        false as names_case
    from person_opening as o
    inner join cases.left_open as l on o.case_no = l.case_no
    inner join conformed.ruling as r
        on o.person_id = r.person_id and r.learned_in > l.after_period and r.learned_in <= l.last_period
        and r.case_no is null and (o.issued_on is null or r.said_on >= o.issued_on)
    union all
    select
        o.case_no, o.person_id, t.turned_in as learned_in, t.turned_on as said_on, 0 as unit_rank,
        'turning' as statement_kind, t.turn as says, t.state, case t.turn when '观察期满' then '复学巩固' end as closed_as,
        null as confirmed_on, false as waits_for_review, null as holds_until, null as returned_on, t.turned_on as settled_on,
        false as names_case
    from person_opening as o
    inner join conformed.turned as t on o.case_no = t.case_no
)

select
    t.case_no, t.person_id, t.learned_in, t.said_on, t.unit_rank, t.statement_kind, t.says, t.state, t.closed_as,
    t.confirmed_on, t.waits_for_review, t.holds_until, t.returned_on, t.settled_on, t.names_case
from told as t
left join cases.stretch as s
    on t.case_no = s.case_no and t.learned_in > s.after_period and t.learned_in <= s.last_period
-- a closed case hears only what names it; the rest is an event that explains, or opens a case of its own
where t.names_case or s.state is distinct from '已销号'
