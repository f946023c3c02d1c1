-- One row per level that answers for open cases: overdue, due before the next period ends, later or without a clock.
select
    case owner_level when 'school' then '学校' when 'village' then '村社' when 'township' then '镇街' else '区教委' end as owner,
    count(*) as cases,
    count(*) filter (where overdue_working_days > 0) as overdue,
    count(*) filter (where coalesce(overdue_working_days, 0) = 0 and due_on <= $next_day) as due_soon,
    count(*) filter (where coalesce(overdue_working_days, 0) = 0 and due_on > $next_day) as due_later,
    count(*) filter (where coalesce(overdue_working_days, 0) = 0 and due_on is null) as no_clock
from cases."case"
where period = $period and version = $version and state <> '已销号'
group by owner
order by case owner when '学校' then 1 when '村社' then 2 when '镇街' then 3 else 4 end
