-- One row per registry record in the snapshot of a period, for this school year and the one before.
-- A school's last delivery holds until its next (contract §3: register).
with delivery as (
    select distinct school_code, period from validated.registry
),

snapshot as (
    select distinct
        period,
        substr(period, 1, 4)::integer - case when substr(period, 7, 1) < '5' then 1 else 0 end as snapshot_year
    from validated.registry
),

held as (
    select snapshot.period, snapshot.snapshot_year, delivery.school_code, max(delivery.period) as delivered_in
    from snapshot
    inner join delivery on snapshot.period >= delivery.period
    where snapshot.snapshot_year >= $school_year - 1
    group by snapshot.period, snapshot.snapshot_year, delivery.school_code
),

holding as (
    -- a merged school's old list yields to a later one of its successor
    select held.*, school.counts_at
    from held
    inner join conformed.school as school on held.school_code = school.school_code
    qualify school.school_status <> '撤并' or school.counts_at = held.school_code
        or held.delivered_in = max(held.delivered_in) over (partition by held.period, school.counts_at)
),

delivered as materialized (
    select
        h.period,
        h.delivered_in,
        link.person_id,
        h.counts_at as school_code,
        r.registry_number,
        coalesce(r.registry_status, '在读') as registry_status,
        r.grade,
        class_key(r.class_name) as class_name,
        r.entry_month, r.boarding, r.left_behind, r.is_migrant_worker_child, r.is_orphan, r.disability_type,
        coalesce(r.is_home_taught, false) as is_home_taught,
        r.ethnicity,
        link.matched_by,
        h.snapshot_year = substr(h.delivered_in, 1, 4)::integer
        - case when substr(h.delivered_in, 7, 1) < '5' then 1 else 0 end as is_this_year,
        r.data_as_of, r.file_id, r.sheet, r.source_row
    from holding as h
    inner join validated.registry as r on h.school_code = r.school_code and h.delivered_in = r.period
    inner join conformed.link as link on r.identity = link.identity
),

several as (
    -- few have more than one row: only those are ranked, all columns of all would be sorted else
    select period, person_id
    from delivered
    group by period, person_id
    having count(*) > 1
),

ranked as (
    select * from delivered anti join several using (period, person_id)
    union all
    -- files of one delivery add up; where two name one record, the later 数据时点 wins, else the later file
    select *
    from delivered semi join several using (period, person_id)
    qualify row_number() over (
        partition by period, person_id, school_code, substr(registry_number, 2)
        order by delivered_in desc, data_as_of desc nulls last, file_id desc, sheet, source_row desc
    ) = 1
),

judged as (
    select
        *,
        registry_status in ('在读', '休学', '转出中')
        or (registry_status in ('毕业', '结业') and grade = '6' and is_this_year) as is_live
    from ranked
),

ordered as (
    select *, 1 as place from judged anti join several using (period, person_id)
    union all
    select
        *,
        row_number() over (
            partition by period, person_id
            order by
                is_live desc, registry_status = '在读' desc, delivered_in desc, entry_month desc nulls last, school_code,
                registry_number nulls last, grade, class_name
        ) as place
    from judged semi join several using (period, person_id)
)

select
    period,
    person_id,
    school_code,
    registry_number,
    registry_status,
    grade,
    class_name,
    case when grade <= '6' then 'primary' else 'junior' end as stage,
    is_live,
    is_live and place = 1 as is_chosen,
    matched_by, entry_month, boarding, left_behind, is_migrant_worker_child, is_orphan, disability_type, is_home_taught,
    ethnicity
from ordered
