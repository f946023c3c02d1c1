-- One row per 销号类别: children whose case was closed in the period, by the ledger that they were on before.
select
    coalesce(closed_as, '其他') as closed_as,
    count(*) filter (where ledger = 'suspected') as suspected,
    count(*) filter (where ledger = 'dropout') as dropout,
    count(*) filter (where ledger = 'tracked') as tracked,
    count(*) as children
from cases.left_ledger
where state = '已销号'
group by coalesce(closed_as, '其他')
order by children desc, closed_as
