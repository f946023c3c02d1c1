-- One row per reporting school and assessment item: what was measured over the school year up to as_of.
-- Rules page: assessment.md.
with cell as (
    select school_code, indicator, numerator, denominator
    from indicators.value
    where period = $period and area_level = 'school' and (stage, grade, population_group) = ('all', 'all', 'all')
),

fact as (
    select
        school_code,
        assessment_item,
        count(*) filter (where holds) as numerator,
        count(*) as denominator
    from indicators.assessment_fact
    group by school_code, assessment_item
),

owed as (
    select s.school_code, i.assessment_item, i.is_share, i.is_veto, i.indicator
    from conformed.school as s
    cross join validated.assessment_item as i
    where s.is_reporting
),

measured as (
    select
        o.school_code,
        o.assessment_item,
        o.is_veto,
        o.is_share,
        case when o.is_share then coalesce(c.numerator, f.numerator) else coalesce(x.faults, 0) end as numerator,
        case when o.is_share then coalesce(c.denominator, f.denominator) end as denominator
    from owed as o
    left join cell as c on o.school_code = c.school_code and o.indicator = c.indicator
    left join fact as f on o.school_code = f.school_code and o.assessment_item = f.assessment_item
    left join indicators.assessment_fault as x
        on o.school_code = x.school_code and o.assessment_item = x.assessment_item
)

select
    $period as period,
    $version::integer as version,
    school_code,
    assessment_item,
    is_veto,
    numerator::bigint as numerator,
    denominator::bigint as denominator,
    case when not is_share then numerator::double when denominator > 0 then numerator / denominator end as measured
from measured
