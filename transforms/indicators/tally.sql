-- One row per indicator, place, stage, grade and group: the finest grain, counted once.
with group_set as materialized (
    -- the groups of a person stay together until the persons are counted; some hundred different sets, by number
    select population_groups, row_number() over (order by population_groups) as set_no
    from (select distinct population_groups from conformed.groups)
),

member as (
    select g.person_id, s.set_no
    from conformed.groups as g
    inner join group_set as s on g.population_groups = s.population_groups
),

together as (
    -- what a school's code says of it is added afterwards: a grouping by fewer and shorter keys
    select
        u.indicator, u.township, u.village, u.school_code, u.stage, u.grade, m.set_no,
        sum(u.n)::bigint as n,
        sum(u.d)::bigint as d,
        sum(u.low)::bigint as low,
        sum(u.high)::bigint as high
    from indicators.unit as u
    inner join validated.indicator as i on u.indicator = i.indicator and i.is_delivered
    left join member as m on u.person_id = m.person_id
    group by all
),

one_each as (
    select
        t.*,
        unnest(list_prepend('all', coalesce(s.population_groups, []))) as population_group
    from together as t
    left join group_set as s on t.set_no = s.set_no
),

counted as (
    select
        o.indicator,
        o.population_group,
        coalesce(o.township, s.township) as township,
        o.village,
        o.school_code,
        o.stage,
        o.grade,
        sum(o.n)::bigint as n,
        sum(o.d)::bigint as d,
        sum(o.low)::bigint as low,
        sum(o.high)::bigint as high
    from one_each as o
    left join conformed.school as s on o.school_code = s.school_code
    group by all
)

select
    c.indicator,
    i.base,
    c.population_group,
    c.township,
    -- a name that two 镇街 share is told apart by the 镇街
    case
        when min(c.township) over (partition by c.village) <> max(c.township) over (partition by c.village)
            then c.township || c.village
        else c.village
    end as village,
    s.school_zone,
    s.supervision_zone,
    c.school_code,
    s.school_name,
    c.stage,
    c.grade,
    c.n,
    c.d,
    c.low,
    c.high
from counted as c
inner join validated.indicator as i on c.indicator = i.indicator
left join conformed.school as s on c.school_code = s.school_code
