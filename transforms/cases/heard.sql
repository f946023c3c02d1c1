-- One row per case and what moved it, up to this period's feedback: new cases hear what came with them.
with new_opening as (
    select o.case_no, o.issued_on, p.person_id
    from cases.opening as o
    inner join conformed.person as p on o.child_key = p.child_key
    where o.opened_in = $period
),

told as (
    select w.* exclude (names_case)
    from cases.word as w
    -- the condition stands in the key: beside it, every word would be tried with every opening
    anti join new_opening as n
        on case when w.learned_in = $period and not w.names_case then w.person_id end = n.person_id
    union all by name
    select
        o.case_no, o.person_id, r.learned_in, r.said_on, r.unit_rank, r.statement_kind, r.says, r.state, r.closed_as,
        r.confirmed_on, r.waits_for_review, r.holds_until, r.returned_on, r.settled_on
    from new_opening as o
    inner join conformed.ruling as r on o.person_id = r.person_id and r.learned_in = $period
    where o.issued_on is null or r.said_on >= o.issued_on
)

select
    case_no, person_id, learned_in, said_on, unit_rank, statement_kind, says, state, closed_as, confirmed_on,
    waits_for_review, holds_until, returned_on, settled_on,
    (row_number() over (
        partition by case_no order by said_on, unit_rank, learned_in, statement_kind desc, says desc
    ))::integer as nth
from told
