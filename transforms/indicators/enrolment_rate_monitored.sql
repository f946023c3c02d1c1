-- One row per child of a monitored household who should be enrolled. Rules page: enrolment_rate_monitored.md.
select
    c.person_id,
    c.township,
    c.village,
    c.school_code,
    c.stage,
    c.is_enrolled as in_numerator,
    c.is_enrolled and not c.unresolved as in_low,
    c.is_enrolled or c.unresolved as in_high
from indicators.due_child as c
inner join conformed.groups as g on c.person_id = g.person_id
where list_contains(g.population_groups, 'monitored')
