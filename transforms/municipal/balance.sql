-- One row per period, district and ledger; and one for all districts: 上期结转 + 新增 − 销减 = 期末在册 holds of the sum too.
select period, district, ledger, opening, added, closed, closing
from district_balance
union all
select
    period, '全市' as district, ledger, sum(opening)::integer as opening, sum(added)::integer as added,
    sum(closed)::integer as closed, sum(closing)::integer as closing
from district_balance
group by period, ledger
