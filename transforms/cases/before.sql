-- One row per case opened in an earlier period: whether it was still open when this period began.
with person_opening as (
    select o.case_no, o.opened_in, o.issued_on, p.person_id
    from validated.earlier_opening as o
    inner join conformed.person as p on o.child_key = p.child_key
),

last_ruling as (
    select o.case_no, o.person_id, r.state
    from person_opening as o
    left join cases.ruling as r
        on o.person_id = r.person_id and r.learned_in >= o.opened_in and r.learned_in < $period
        and (o.issued_on is null or r.said_on >= o.issued_on)
    qualify row_number() over (
        partition by o.case_no
        order by r.said_on desc nulls last, r.unit_rank desc, r.learned_in desc, r.statement_kind, r.says
    ) = 1
)

select case_no, person_id, coalesce(state, '待核实') <> '已销号' as is_open
from last_ruling
