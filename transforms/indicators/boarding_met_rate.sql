-- One row per 在读 pupil of a monitored household who needs to board. Rules page: boarding_met_rate.md.
with need as (
    -- the record that counts: the school's last delivery
    select link.person_id, s.counts_at as school_code, arg_max(r.needs_boarding, r.period) as needs_boarding
    from validated.registry as r
    inner join conformed.link as link on r.identity = link.identity
    inner join conformed.school as s on r.school_code = s.school_code
    group by link.person_id, s.counts_at
)

select
    e.person_id,
    e.school_code,
    e.stage,
    e.grade,
    coalesce(e.boarding = '住校', false) as in_numerator,
    null::boolean as in_low,
    null::boolean as in_high
from conformed.enrolment as e
inner join conformed.groups as g on e.person_id = g.person_id
inner join need as n on e.person_id = n.person_id and e.school_code = n.school_code
where e.registry_status = '在读' and n.needs_boarding and list_contains(g.population_groups, 'monitored')
