-- One row per pupil of a monitored household who needs to board and does not. Rules page: boarding_unmet.md.
with needing as (
    select link.person_id, school.counts_at as school_code, r.needs_boarding
    from validated.registry as r
    inner join conformed.link as link on r.identity = link.identity
    inner join conformed.school as school on r.school_code = school.school_code
    qualify r.period = max(r.period) over (partition by r.school_code)
)

select e.person_id, e.school_code, e.grade, e.stage, e.matched_by
from conformed.enrolment as e
inner join conformed.groups as g on e.person_id = g.person_id
semi join needing as n on e.person_id = n.person_id and e.school_code = n.school_code and n.needs_boarding
where
    e.registry_status = '在读' and e.boarding is distinct from '住校' and list_contains(g.population_groups, 'monitored')
