-- One row per ledger of cases and child taken off it in the period, with the child's case as it stands now: closed, or on
-- another ledger (contract §6: ledgers).
with taken_off as (
    select was.ledger, was.child_key
    from validated.earlier_member as was
    anti join cases.member as now on was.ledger = now.ledger and was.child_key = now.child_key
    where was.ledger <> 'school_age'
    union
    -- as in cases.balance: opened and closed within the period, on the ledger at neither end
    select 'suspected' as ledger, s.child_key
    from cases.standing as s
    anti join cases.member as now on now.ledger = 'suspected' and s.child_key = now.child_key
    where s.opened_in = $period and s.state = '已销号'
),

-- a child's open case, else the last
newest_case as (
    select child_key, case_no, state, closed_as
    from cases.standing
    qualify row_number() over (partition by child_key order by state = '已销号', opened_in desc, case_no desc) = 1
)

select t.ledger, t.child_key, c.case_no, c.state, c.closed_as
from taken_off as t
left join newest_case as c on t.child_key = c.child_key
