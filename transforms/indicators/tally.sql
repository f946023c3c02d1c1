-- One row per indicator, place, stage, grade and group: the finest grain, counted once.
with together as (
    -- the groups of a person stay together until the persons are counted
    select
        u.indicator,
        i.base,
        coalesce(u.township, s.township) as township,
        u.village,
        s.school_zone,
        s.supervision_zone,
        u.school_code,
        s.school_name,
        u.stage,
        u.grade,
        list_prepend('all', coalesce(g.population_groups, [])) as population_groups,
        sum(u.n) as n,
        sum(u.d) as d,
        sum(u.low) as low,
        sum(u.high) as high
    from indicators.unit as u
    inner join validated.indicator as i on u.indicator = i.indicator and i.is_delivered
    left join conformed.school as s on u.school_code = s.school_code
    left join conformed.groups as g on u.person_id = g.person_id
    group by all
),

one_each as (
    select * exclude (population_groups), unnest(population_groups) as population_group
    from together
)

select
    indicator,
    base,
    population_group,
    township,
    -- a name that two 镇街 share is told apart by the 镇街
    case
        when min(township) over (partition by village) <> max(township) over (partition by village)
            then township || village
        else village
    end as village,
    school_zone,
    supervision_zone,
    school_code,
    school_name,
    stage,
    grade,
    sum(n)::bigint as n,
    sum(d)::bigint as d,
    sum(low)::bigint as low,
    sum(high)::bigint as high
from one_each
group by indicator, base, population_group, township, one_each.village, school_zone, supervision_zone, school_code,
    school_name, stage, grade
