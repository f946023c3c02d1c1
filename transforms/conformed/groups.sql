-- One row per person: the population groups it belongs to (contract §7), from the registry, the 底册 and the lists.
with monitored as (
    -- a later delivery of a register replaces what it covers (contract §3)
    select identity from validated.monitored
    qualify period = max(period) over (partition by township, household_type)
),

disabled as (
    select identity from validated.disabled
    qualify period = max(period) over (partition by township)
),

care as (
    select identity, care_kind from validated.care
    qualify period = max(period) over (partition by township, care_kind)
),

start_roll as (
    -- who left over the summer is still of this year's start roll
    select coalesce(max(period), $school_year::varchar || '-B5') as period
    from conformed.record
    where period < $school_year::varchar || '-B5'
),

flags as (
    -- a pupil who has left keeps the flags of the last record
    select r.*
    from conformed.record as r
    inner join (
        select c.person_id, max(c.period) as period
        from conformed.record as c
        inner join start_roll as s on c.period >= s.period
        where c.is_chosen
        group by c.person_id
    ) as last on r.person_id = last.person_id and r.period = last.period
    where r.is_chosen
),

flagged as (
    select person_id, 'left_behind' as population_group from flags
    where left_behind in ('单亲留守儿童', '双亲留守儿童')
    union all
    select person_id, 'migrant_worker' as population_group from flags where is_migrant_worker_child
    union all
    select person_id, 'boarding' as population_group from flags where boarding = '住校'
    union all
    select person_id, 'orphan' as population_group from flags where is_orphan
    union all
    select person_id, 'disabled' as population_group from flags where disability_type <> '无'
    union all
    select person_id, 'minority' as population_group from flags where ethnicity <> '汉族'
    union all
    select person_id, 'minority' as population_group from conformed.child where ethnicity <> '汉族'
    union all
    select person_id, 'local_hukou' as population_group from conformed.child where hukou_status = '本区户籍'
    union all
    select person_id, 'resident_migrant' as population_group from conformed.child where hukou_status = '非本区户籍常住'
    union all
    select person_id, case sex when '女' then 'girls' else 'boys' end as population_group from conformed.person
    where sex is not null
    union all
    select link.person_id, 'monitored' as population_group
    from monitored as m inner join conformed.link as link on m.identity = link.identity
    union all
    select link.person_id, 'disabled' as population_group
    from disabled as d inner join conformed.link as link on d.identity = link.identity
    union all
    select
        link.person_id,
        case c.care_kind
            when '留守儿童' then 'left_behind_civil' when '困境儿童' then 'in_difficulty' when '孤儿' then 'orphan'
            else 'unattended'
        end as population_group
    from care as c inner join conformed.link as link on c.identity = link.identity
    union all
    select c.person_id, 'key_area' as population_group
    from conformed.child as c
    inner join conformed.area as a on c.township = a.township and c.village = a.village and a.level = '村社'
    where a.key_area_types is not null
    union all
    select e.person_id, 'key_area' as population_group
    from conformed.enrolment as e inner join conformed.school as s on e.school_code = s.school_code
    where s.is_key_area
)

select person_id, list_sort(list_distinct(list(population_group))) as population_groups
from flagged
group by person_id
