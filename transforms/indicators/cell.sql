-- One row per indicator, area, stage, grade and group: the tally rolled up, each place and each indicator by a number.
with spot as materialized (
    -- where the tally counts; the roll knows a school by its own 镇街, the 底册 by the children's
    select row_number() over (order by by_school, township, village, school_code) as spot_no, *
    from (
        select distinct
            base in ('roll', 'school') as by_school,
            township, village, school_zone, supervision_zone, school_code, school_name
        from indicators.tally
    )
),

lies_in as (
    select
        s.spot_no,
        s.by_school,
        a.area_level,
        case a.area_level
            when 'district' then $district
            when 'township' then s.township
            when 'village' then s.village
            when 'school_zone' then s.school_zone
            when 'supervision_zone' then s.supervision_zone
            when 'school' then s.school_name
        end as area_name,
        case when a.area_level = 'school' then s.school_code end as code,
        case
            when a.area_level = 'village' or (a.area_level = 'school' and s.by_school) then s.township
            when a.area_level <> 'district' then $district
        end as parent
    from spot as s
    cross join (
        select unnest(['district', 'township', 'village', 'school_zone', 'supervision_zone', 'school']) as area_level
    ) as a
),

area as materialized (
    select row_number() over (order by area_level, area_name, code) as area_no, area_level, area_name, code
    from (
        select area_level, area_name, code from lies_in where area_name is not null
        union
        select 'district', $district, null
    )
),

inside as materialized (
    select l.spot_no, l.by_school, a.area_no, l.parent
    from lies_in as l
    inner join area as a
        on l.area_level = a.area_level and l.area_name = a.area_name and l.code is not distinct from a.code
),

kind as materialized (
    -- every indicator and group, that of all children among them
    select *, row_number() over (order by indicator, population_group) as kind_no
    from (
        select indicator, base in ('roll', 'school') as by_school, population_group from indicators.tally
        union
        select indicator, base in ('roll', 'school'), 'all' from validated.indicator
    )
),

finest as materialized (
    select
        k.kind_no, i.area_no, t.stage, t.grade,
        sum(t.n)::bigint as n, sum(t.d)::bigint as d, sum(t.low)::bigint as low, sum(t.high)::bigint as high
    from indicators.tally as t
    inner join kind as k on t.indicator = k.indicator and t.population_group = k.population_group
    inner join spot as s
        on k.by_school = s.by_school and t.township is not distinct from s.township
        and t.village is not distinct from s.village and t.school_code is not distinct from s.school_code
    inner join inside as i on s.spot_no = i.spot_no
    group by all
),

by_stage as materialized (
    select kind_no, area_no, stage, sum(n)::bigint as n, sum(d)::bigint as d, sum(low)::bigint as low, sum(high)::bigint as high
    from finest group by all
),

rolled as materialized (
    select * from finest where stage is not null and grade is not null
    union all by name
    select *, 'all' as grade from by_stage where stage is not null
    union all by name
    select kind_no, area_no, 'all' as stage, 'all' as grade,
        sum(n)::bigint as n, sum(d)::bigint as d, sum(low)::bigint as low, sum(high)::bigint as high
    from by_stage group by all
    union all by name
    -- no row at all: nobody to count where that is an answer, else not reported
    select
        k.kind_no, a.area_no, 'all' as stage, 'all' as grade,
        case when i.is_delivered and i.empty_is_zero then 0 end as n, case when i.is_delivered and i.empty_is_zero then 0 end as d
    from validated.indicator as i
    anti join indicators.tally as t on i.indicator = t.indicator
    inner join kind as k on i.indicator = k.indicator
    inner join area as a on a.area_level = 'district'
)

select
    -- in the order of the names: the same cells bear the same numbers in every run
    ((k.kind_no * (select count(*) from area) + r.area_no) * 3 + case r.stage when 'all' then 0 when 'junior' then 1 else 2 end) * 10
    + case r.grade when 'all' then 0 else r.grade::integer end as id,
    a.area_level, a.area_name, a.code as school_code, r.stage, r.grade, k.population_group, k.indicator,
    p.parent as parent_area, r.n, r.d, r.low, r.high,
    coalesce(
        abs(r.n) between 1 and $suppress_below - 1 or abs(r.d - r.n) between 1 and $suppress_below - 1
        -- the others of the whole are as readable as the group
        or abs(w.n - r.n) between 1 and $suppress_below - 1 or abs(w.d - w.n - r.d + r.n) between 1 and $suppress_below - 1, false
    ) as is_small
from rolled as r
inner join kind as k on r.kind_no = k.kind_no
inner join area as a on r.area_no = a.area_no
left join (select by_school, area_no, min(parent) as parent from inside group by all) as p
    on r.area_no = p.area_no and k.by_school = p.by_school
inner join kind as e on k.indicator = e.indicator and e.population_group = 'all'
left join rolled as w on e.kind_no = w.kind_no and r.area_no = w.area_no and r.stage = w.stage and r.grade = w.grade
