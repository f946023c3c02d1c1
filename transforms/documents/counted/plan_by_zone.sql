-- One row per 督导责任区: how many schools told of their work, whose plans are whole, and what publicity was done.
select
    coalesce(supervision_zone, '未编入责任区') as zone,
    count(*) as schools,
    count(*) filter (where months_told > 0) as told,
    count(*) filter (where plan_parts = 4) as whole_plans,
    count(*) filter (where months_told > 0 and plan_parts < 4) as short_plans,
    coalesce(sum(law_sessions), 0)::integer as law_sessions,
    coalesce(sum(law_reached), 0)::integer as law_reached,
    coalesce(sum(home_visits), 0)::integer as home_visits
from compared.school_plan
where period = $period and version = $version
group by zone
order by zone
