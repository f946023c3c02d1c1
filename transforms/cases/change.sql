-- One row per change of a case's state, in order: those kept from earlier periods, and this period's. Kept in the lake:
-- read again with later data, an old word could bring another state than the one that was published.
with was as (
    select case_no, state, closed_as, changed_on
    from validated.earlier_change
    qualify row_number() over (partition by case_no order by changed_in desc, nth desc) = 1
),

heard_before as (
    select case_no, max(nth) as nth from cases.heard where learned_in < $period group by case_no
),

word as (
    -- what came late and was said before the last word moves nothing
    select h.case_no, h.nth, h.state, h.closed_as, h.settled_on, h.said_on, s.said_by as office_kind, s.source_file_id,
        coalesce(s.is_reviewed and h.statement_kind = 'verification', false) as is_reviewed
    from cases.heard as h
    left join conformed.statement as s
        on h.person_id = s.person_id and h.says = s.says and h.said_on = s.said_on and h.unit_rank = s.unit_rank
        and h.learned_in = s.learned_in and h.statement_kind = s.statement_kind
    left join heard_before as b on h.case_no = b.case_no
    where h.learned_in = $period and h.nth > coalesce(b.nth, 0)
),

ended as (
    -- where the case stands in the end: by its last word, by a turn, or by what closes and lapses by itself
    select
        s.case_no, 1000000 as nth, s.state, s.closed_as, s.closed_on as settled_on,
        case
            when s.evidence_lapsed then s.evidence_due
            when s.state = '待核实' and s.holds_until < $as_of then s.holds_until
            else coalesce(s.said_on, s.opened_on)
        end as said_on,
        null as office_kind, null as source_file_id, false as is_reviewed
    from cases.standing as s
),

stood as (
    select case_no, 0 as nth, state, closed_as, changed_on, null as office_kind, null as source_file_id, false as is_reviewed from was
    union all by name
    select
        m.* exclude (said_on, settled_on),
        case when m.state = '已销号' then greatest(m.settled_on, o.opened_on) else m.said_on end as changed_on
    from (select * from word union all by name select * from ended) as m
    inner join cases.opening as o on m.case_no = o.case_no
),

compared_with_before as (
    select
        *,
        coalesce(lag(state) over told, '待核实') as state_before,
        lag(closed_as) over told as closed_as_before,
        lag(changed_on) over told as changed_on_before
    from stood
    window told as (partition by case_no order by nth)
)

select case_no, changed_in, nth, state, closed_as, changed_on, is_signed, office_kind, source_file_id
from validated.earlier_change
union all
select
    case_no,
    $period as changed_in,
    (row_number() over (partition by case_no order by nth))::integer as nth,
    state,
    case when state = '已销号' then closed_as end as closed_as,
    changed_on,
    -- a former dropout's or lost child's closing that 审核人 signed
    state = '已销号' and is_reviewed and state_before in ('劝返中', '失联', '复学跟踪') as is_signed,
    coalesce(office_kind, '教委') as office_kind,
    source_file_id
from compared_with_before
where
    nth > 0
    and (
        state <> state_before
        or (state = '已销号' and (closed_as is distinct from closed_as_before or changed_on is distinct from changed_on_before))
    )
