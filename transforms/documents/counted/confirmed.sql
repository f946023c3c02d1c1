-- One row: children confirmed as dropped out within the period and brought back within it, and those of monitored households.
select
    '本期' as label,
    count(distinct s.person_id) filter (where s.confirmed_on between $first_day and $as_of) as confirmed,
    count(distinct s.person_id) filter (
        where s.confirmed_on between $first_day and $as_of and list_contains(g.population_groups, 'monitored')
    ) as confirmed_monitored,
    count(distinct s.person_id) filter (where s.returned_on between $first_day and $as_of) as returned
from cases.standing as s
left join conformed.groups as g on s.person_id = g.person_id
