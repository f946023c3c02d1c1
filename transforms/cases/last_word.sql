-- One row per case that anything moved: its last word, and what its words add up to.
with moved as (
    select case_no, learned_in, said_on, nth, says, state, closed_as, confirmed_on, waits_for_review, holds_until,
        returned_on, settled_on
    from cases.heard
    union all by name
    select
        case_no, turned_in as learned_in, turned_on as said_on, 1000000 as nth, turn as says,
        case turn when '再次离校' then '劝返中' else '已销号' end as state,
        case turn when '观察期满' then '复学巩固' end as closed_as, false as waits_for_review, turned_on as settled_on
    from cases.turning
    where turned_in = $period and turn in ('再次离校', '观察期满')
),

told as (
    select *, lag(state) over (partition by case_no order by nth) as state_before from moved
),

returned as (
    select
        *,
        last_value(case when state = '复学跟踪' and state_before is distinct from '复学跟踪' then returned_on end ignore nulls)
            over (partition by case_no order by nth) as back_on
    from told
),

summed as (
    select
        case_no,
        max(confirmed_on) as confirmed_on,
        arg_max(back_on, nth) as returned_on,
        count(*) filter (where state = '劝返中' and state_before = '复学跟踪')::integer as relapses,
        -- the return that the last relapse undid
        arg_max(back_on, nth) filter (where state = '劝返中' and state_before = '复学跟踪') as relapsed_from,
        -- what closes a case says nothing of it
        arg_max(state = '复学跟踪', nth) filter (where state in ('劝返中', '失联', '复学跟踪')) as is_back
    from returned
    group by case_no
)

select
    t.case_no, t.learned_in, t.said_on, t.says, t.state, t.closed_as, t.waits_for_review, t.holds_until, t.settled_on,
    s.confirmed_on, s.returned_on, s.relapses, s.relapsed_from, coalesce(s.is_back, false) as is_back
from told as t
inner join summed as s on t.case_no = s.case_no
qualify t.nth = max(t.nth) over (partition by t.case_no)
