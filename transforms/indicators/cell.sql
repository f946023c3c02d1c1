-- One row per indicator, area, stage, grade and group: the tally rolled up in one pass.
with area as (
    select
        unnest(['district', 'township', 'village', 'school_zone', 'supervision_zone', 'school']) as area_level
),

placed as (
    select
        f.*,
        a.area_level,
        case a.area_level
            when 'district' then '荣昌区'
            when 'township' then f.township
            when 'village' then f.village
            when 'school_zone' then f.school_zone
            when 'supervision_zone' then f.supervision_zone
            when 'school' then f.school_name
        end as area_name,
        case when a.area_level = 'school' then f.school_code end as code,
        case
            when
                a.area_level = 'village' or (a.area_level = 'school' and f.base in ('roll', 'school'))
                then f.township
            when a.area_level <> 'district' then '荣昌区'
        end as parent
    from indicators.tally as f
    cross join area as a
),

rolled as (
    select
        indicator, population_group, area_level, area_name, code, any_value(parent) as parent_area,
        case when grouping(stage) = 1 then 'all' else stage end as stage,
        case when grouping(grade) = 1 then 'all' else grade end as grade,
        sum(n)::bigint as n, sum(d)::bigint as d, sum(low)::bigint as low, sum(high)::bigint as high
    from placed
    where area_name is not null
    group by grouping sets (
        (indicator, population_group, area_level, area_name, code),
        (indicator, population_group, area_level, area_name, code, stage),
        (indicator, population_group, area_level, area_name, code, stage, grade)
    )
),

complete as materialized (
    select * from rolled where stage is not null and grade is not null
    union all by name
    -- no row at all: nobody to count where that is an answer, else not reported
    select
        i.indicator,
        'all' as population_group,
        'district' as area_level,
        '荣昌区' as area_name,
        'all' as stage,
        'all' as grade,
        case when i.is_delivered and i.empty_is_zero then 0 end as n,
        case when i.is_delivered and i.empty_is_zero then 0 end as d
    from validated.indicator as i
    anti join rolled as r on i.indicator = r.indicator
)

select
    row_number() over (
        order by c.indicator, c.population_group, c.area_level, c.area_name, c.code, c.stage, c.grade
    ) as id,
    c.area_level, c.area_name, c.code as school_code, c.stage, c.grade, c.population_group, c.indicator,
    c.parent_area, c.n, c.d, c.low, c.high,
    coalesce(
        abs(c.n) between 1 and $suppress_below - 1 or abs(c.d - c.n) between 1 and $suppress_below - 1
        -- the others of the whole are as readable as the group
        or abs(a.n - c.n) between 1 and $suppress_below - 1
        or abs(a.d - a.n - c.d + c.n) between 1 and $suppress_below - 1, false
    ) as is_small
from complete as c
left join complete as a
    on
        c.population_group <> 'all'
        and a.population_group = 'all'
        and c.indicator = a.indicator
        and c.stage = a.stage
        and c.grade = a.grade
        and c.area_level = a.area_level
        and c.area_name = a.area_name
        and coalesce(c.code, '') = coalesce(a.code, '')
