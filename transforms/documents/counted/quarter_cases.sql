-- One row per stage: cases opened, confirmed, returned and closed within the quarter.
select
    case k.stage when 'primary' then '小学' when 'junior' then '初中' else '学段未明' end as stage,
    count(*) filter (where s.opened_on between $quarter_first and $quarter_last) as opened,
    count(*) filter (where k.verified_on between $quarter_first and $quarter_last) as verified,
    count(*) filter (where s.confirmed_on between $quarter_first and $quarter_last) as confirmed,
    count(*) filter (where s.returned_on between $quarter_first and $quarter_last) as returned,
    count(*) filter (where s.closed_on between $quarter_first and $quarter_last) as closed
from indicators.case_child as k
inner join cases.standing as s on k.case_no = s.case_no
group by k.stage
having opened + verified + confirmed + returned + closed > 0
order by k.stage desc nulls last
