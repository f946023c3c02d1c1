-- One row per case of an earlier period and what moved it: a ruling, or a turn kept from an earlier period.
with person_opening as (
    select
        o.case_no, o.opened_in, o.issued_on, p.person_id,
        -- the period in which completion or over-age closes it by itself (contract §6); the day of over-age opens a school year
        greatest(o.opened_in, coalesce(least(done.first_period, year(over_age_on(p.birth_date))::varchar || '-B5'), '9999'))
        as closes_in,
        coalesce(lead(o.opened_in) over (partition by p.person_id order by o.opened_in, o.case_no), '9999') as next_opened_in
    from conformed.kept_opening as o
    inner join conformed.person as p on o.child_key = p.child_key
    left join conformed.completion as done on p.person_id = done.person_id and done.completed_grade = 9
),

told as (
    select
        o.case_no, o.person_id, r.learned_in, r.said_on, r.unit_rank, r.statement_kind, r.says, r.state, r.closed_as,
        r.confirmed_on, r.waits_for_review, r.holds_until, r.returned_on, r.settled_on,
        coalesce(r.case_no = o.case_no, false) as names_case, o.closes_in
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
        false as names_case, o.closes_in
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
        false as names_case, o.closes_in
    from person_opening as o
    inner join conformed.turned as t on o.case_no = t.case_no
),

numbered as (
    select
        *,
        row_number() over (
            partition by case_no order by said_on, unit_rank, learned_in, statement_kind desc, says desc
        ) as nth
    from told
),

before as (
    -- where the case stood at the end of the last period before the word came
    select
        n.case_no, n.nth,
        -- a transfer done in that period or since was not done yet
        arg_max(
            case
                when earlier.closed_as = '转学办结' and earlier.settled_on >= first_day_of(n.learned_in) then '外地就读待转学'
                else earlier.state
            end, earlier.nth
        ) as state
    from numbered as n
    inner join numbered as earlier on n.case_no = earlier.case_no and earlier.learned_in < n.learned_in
    group by n.case_no, n.nth
)

select
    n.case_no, n.person_id, n.learned_in, n.said_on, n.unit_rank, n.statement_kind, n.says, n.state, n.closed_as,
    n.confirmed_on, n.waits_for_review, n.holds_until, n.returned_on, n.settled_on, n.names_case
from numbered as n
left join before as b on n.case_no = b.case_no and n.nth = b.nth
-- a closed case hears only what names it; the rest is an event that explains, or opens a case of its own
where n.names_case or (b.state is distinct from '已销号' and n.closes_in >= n.learned_in)
