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
            when 'district' then $district
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
            when a.area_level <> 'district' then $district
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

complete as (
    select * from rolled where stage is not null and grade is not null
    union all by name
    -- no row at all: nobody to count where that is an answer, else not reported
    select
        i.indicator,
        'all' as population_group,
        'district' as area_level,
        $district as area_name,
        'all' as stage,
        'all' as grade,
        case when i.is_delivered and i.empty_is_zero then 0 end as n,
        case when i.is_delivered and i.empty_is_zero then 0 end as d
    from validated.indicator as i
    anti join rolled as r on i.indicator = r.indicator
),

beside as (
    -- the cell of every child beside each cell of a group: by window, a join on seven texts cost ten times as much
    select
        *,
        max(case when population_group = 'all' then n end) over whole as all_n,
        max(case when population_group = 'all' then d end) over whole as all_d
    from complete
    window whole as (partition by indicator, area_level, area_name, code, stage, grade)
)

select
    row_number() over (order by indicator, population_group, area_level, area_name, code, stage, grade) as id,
    area_level, area_name, code as school_code, stage, grade, population_group, indicator, parent_area, n, d, low, high,
    coalesce(
        abs(n) between 1 and $suppress_below - 1 or abs(d - n) between 1 and $suppress_below - 1
        -- the others of the whole are as readable as the group
        or abs(all_n - n) between 1 and $suppress_below - 1
        or abs(all_d - all_n - d + n) between 1 and $suppress_below - 1, false
    ) as is_small
from beside
