-- One row per 督导责任区: how many schools told of their work, whose plans are whole this school year, what publicity was done.
select
    coalesce(supervision_zone, '未编入责任区') as zone,
    count(*) as schools,
    count(*) filter (where months_told > 0) as told,
    -- a plan is a matter of the school year: what an earlier month told of it holds
    count(*) filter (where plan_parts = 4) as whole_plans,
    count(*) filter (where plan_parts < 4 and coalesce(has_plan, has_responsible, study_meetings >= 0, funds >= 0) is not null) as short_plans,
    count(*) filter (where plan_parts < 4 and coalesce(has_plan, has_responsible, study_meetings >= 0, funds >= 0) is null) as untold,
    coalesce(sum(law_sessions), 0)::integer as law_sessions,
    coalesce(sum(law_reached), 0)::integer as law_reached,
    coalesce(sum(home_visits), 0)::integer as home_visits
from compared.school_plan
where period = $period and version = $version
group by zone
order by zone
