-- One row per indicator, area, stage, grade and group. Counts are true; `suppressed` marks what other eyes
-- do not see.
select
    $period as period,
    $version::integer as version,
    c.area_level,
    c.area_name,
    c.school_code,
    c.stage,
    c.grade,
    c.population_group,
    c.indicator,
    c.n as numerator,
    c.d as denominator,
    case when c.d > 0 then c.n / c.d end as rate,
    case when c.d > 0 then c.low / c.d end as rate_low,
    case when c.d > 0 then c.high / c.d end as rate_high,
    h.id is not null as suppressed
from indicators.cell as c
left join indicators.hidden as h on c.id = h.id
