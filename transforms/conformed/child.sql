-- One row per person in the 底册: the police register rules, the others add (contract §3).
with told as (
    select *, coalesce(roster_source, '公安户籍') as source from validated.child
),

last_delivery as (
    -- files of one delivery add up; a later delivery replaces only what it covers
    select township, source, max(period) as period
    from told
    where source not in ('镇街摸排', '学校')
    group by township, source
),

linked as materialized (
    select
        link.person_id, link.matched_by, r.source,
        case r.source when '公安户籍' then 1 when '流动人口' then 2 when '镇街摸排' then 3 else 4 end as source_rank,
        r.township, r.village, r.hukou_status, r.roster_status, r.status_date, r.ethnicity,
        r.period, r.data_as_of, r.file_id, r.source_row
    from told as r
    left join last_delivery as l on r.township = l.township and r.source = l.source
    inner join conformed.link as link on r.identity = link.identity
    where l.period is null or l.period = r.period
),

several as (
    -- few stand in more than one row: only those are ranked
    select person_id, string_agg(distinct source, '、' order by source) as roster_sources
    from linked
    group by person_id
    having count(*) > 1
),

ruling as (
    select *, source as roster_sources from linked anti join several using (person_id)
    union all by name
    select linked.*, several.roster_sources
    from linked inner join several on linked.person_id = several.person_id
    qualify row_number() over (
        partition by linked.person_id
        order by source_rank, period desc, data_as_of desc nulls last, file_id desc, township, source_row desc
    ) = 1
),

aged as (
    select
        r.*,
        p.child_key,
        p.sex as sex_ruled,
        p.birth_date as birth_ruled,
        p.birth_month,
        age_in(p.birth_date, $school_year) as age
    from ruling as r
    inner join conformed.person as p on r.person_id = p.person_id
)

select
    a.person_id,
    a.child_key,
    a.township,
    a.village,
    coalesce(a.hukou_status, '本区户籍') as hukou_status,
    a.roster_sources,
    case when a.roster_status <> '正常' and a.status_date <= $as_of then a.roster_status end as left_roster_as,
    a.status_date,
    a.sex_ruled as sex,
    a.ethnicity,
    a.birth_ruled as birth_date,
    a.birth_month,
    a.age,
    coalesce(a.age between 6 and 14, false) as is_school_age,
    case when a.age between 6 and 11 then 'primary' when a.age between 12 and 14 then 'junior' end as stage_by_age,
    a.matched_by
from aged as a
