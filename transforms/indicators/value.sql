-- One row per indicator, area, stage, grade and group. Counted once at the finest grain, then rolled up in one pass.
with unit as (
    select * from indicators.enrolment_rate
    union all
    select * from indicators.retention_rate_year
    union all
    select * from indicators.dropout_rate
    union all
    select * from indicators.in_school_rate
    union all
    select * from indicators.submission_rate
),

in_group as (
    select * exclude (population_groups), unnest(list_prepend('all', coalesce(population_groups, [])))
    as population_group
    from unit
),

finest as (
    select
        indicator, population_group, township, village, school_zone, supervision_zone, school_code, stage, grade,
        count(*) filter (where in_numerator) as n,
        count(*) filter (where in_denominator) as d,
        count(*) filter (where in_low) as low,
        count(*) filter (where in_high) as high,
        bool_or(in_low is not null) as is_bounded
    from in_group
    group by indicator, population_group, township, village, school_zone, supervision_zone, school_code, stage, grade
),

village as (
    -- a name that two 镇街 share is told apart by the 镇街
    select village, count(distinct township) > 1 as is_shared
    from finest
    group by village
),

area as (
    select unnest(['district', 'township', 'village', 'school_zone', 'supervision_zone', 'school']) as area_level
),

placed as (
    select
        f.*,
        a.area_level,
        case a.area_level
            when 'district' then '荣昌区'
            when 'township' then f.township
            when 'village' then case when v.is_shared then f.township || f.village else f.village end
            when 'school_zone' then f.school_zone
            when 'supervision_zone' then f.supervision_zone
            when 'school' then s.school_name
        end as area_name,
        case when a.area_level = 'school' then f.school_code end as code
    from finest as f
    cross join area as a
    left join conformed.school as s on f.school_code = s.school_code
    left join village as v on f.village = v.village
),

rolled as (
    select
        indicator, population_group, area_level, area_name, code,
        case when grouping(stage) = 1 then 'all' else stage end as stage,
        case when grouping(grade) = 1 then 'all' else grade end as grade,
        sum(n)::bigint as n, sum(d)::bigint as d, sum(low)::bigint as low, sum(high)::bigint as high,
        bool_or(is_bounded) as is_bounded
    from placed
    where area_name is not null
    group by grouping sets (
        (indicator, population_group, area_level, area_name, code),
        (indicator, population_group, area_level, area_name, code, stage),
        (indicator, population_group, area_level, area_name, code, stage, grade)
    )
),

not_reported as (
    select unnest(
        ['enrolment_rate', 'retention_rate_year', 'dropout_rate', 'in_school_rate', 'submission_rate']
    ) as indicator
    except
    select indicator from rolled
),

complete as (
    select * from rolled where stage is not null and grade is not null
    union all by name
    select indicator, 'all' as population_group, 'district' as area_level, '荣昌区' as area_name, 'all' as stage,
        'all' as grade
    from not_reported
)

select
    $period as period,
    $version::integer as version,
    area_level,
    area_name,
    code as school_code,
    stage,
    grade,
    population_group,
    indicator,
    n as numerator,
    d as denominator,
    case when d > 0 then n / d end as rate,
    case when d > 0 and is_bounded then low / d end as rate_low,
    case when d > 0 and is_bounded then high / d end as rate_high,
    coalesce(n between 1 and $suppress_below - 1 or d - n between 1 and $suppress_below - 1, false) as suppressed
from complete
