-- One row per 销号类别: children whose case was closed in the period, by the ledger that they were on before.
with was as (
    select ledger, child_key from validated.earlier_member where ledger in ('suspected', 'dropout', 'tracked')
),

left_over as (
    select w.ledger, w.child_key
    from was as w
    anti join cases.member as m on w.ledger = m.ledger and w.child_key = m.child_key
    union
    -- as in cases.balance: opened and closed within the period, on the ledger at neither end
    select 'suspected' as ledger, s.child_key
    from cases.standing as s
    anti join cases.member as m on m.ledger = 'suspected' and s.child_key = m.child_key
    where s.opened_in = $period and s.state = '已销号'
),

-- where the child's case stands now: an open one, else the last
last_case as (
    select child_key, state, closed_as
    from cases.standing
    qualify row_number() over (partition by child_key order by state = '已销号', opened_in desc, case_no desc) = 1
)

select
    coalesce(c.closed_as, '其他') as closed_as,
    count(*) filter (where l.ledger = 'suspected') as suspected,
    count(*) filter (where l.ledger = 'dropout') as dropout,
    count(*) filter (where l.ledger = 'tracked') as tracked,
    count(*) as children
from left_over as l
inner join last_case as c on l.child_key = c.child_key and c.state = '已销号'
group by coalesce(c.closed_as, '其他')
order by children desc, closed_as
