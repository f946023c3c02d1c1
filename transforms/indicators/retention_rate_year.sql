-- One row per expected pupil of the school year. Rules page: retention_rate_year.md.
select
    'retention_rate_year' as indicator,
    s.township,
    null::varchar as village,
    s.school_zone,
    s.supervision_zone,
    m.school_code,
    m.stage,
    m.grade,
    g.population_groups,
    not m.is_lost as in_numerator,
    true as in_denominator,
    not m.is_lost and not m.unresolved as in_low,
    not m.is_lost or m.unresolved as in_high
from indicators.membership as m
left join conformed.school as s on m.school_code = s.school_code
left join conformed.groups as g on m.person_id = g.person_id
where m.left_as is null
