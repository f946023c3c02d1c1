-- One row per stage: suspects, children still out and children back, each with those of monitored households.
with told as (
    select
        case k.stage when 'primary' then '小学' when 'junior' then '初中' else '学段未明' end as stage,
        s.ledger,
        coalesce(list_contains(g.population_groups, 'monitored'), false) as is_monitored
    from cases."case" as c
    inner join indicators.case_child as k on c.case_no = k.case_no
    inner join (
        values ('待核实', 'suspected'), ('待补佐证', 'suspected'), ('外地就读待转学', 'suspected'), ('劝返中', 'out'),
        ('失联', 'out'), ('复学跟踪', 'back')
    ) as s (state, ledger) on c.state = s.state
    left join conformed.groups as g on k.person_id = g.person_id
    where c.period = $period and c.version = $version
)

select
    stage,
    count(*) filter (where ledger = 'suspected') as suspected,
    count(*) filter (where ledger = 'suspected' and is_monitored) as suspected_monitored,
    count(*) filter (where ledger = 'out') as still_out,
    count(*) filter (where ledger = 'out' and is_monitored) as still_out_monitored,
    count(*) filter (where ledger = 'back') as back,
    count(*) filter (where ledger = 'back' and is_monitored) as back_monitored
from told
group by stage
order by case stage when '小学' then 1 when '初中' then 2 else 3 end
