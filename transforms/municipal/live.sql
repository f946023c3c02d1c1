-- One row per record 在读 or 休学 in the newest list of each school of a district. A school that was merged away has none.
with newest as (
    select school_code, max(period) as period
    from validated.registry
    group by school_code
),

standing as (
    select school_code, school_name, school_status
    from validated.school
    qualify row_number() over (
        partition by school_code order by period desc, data_as_of desc nulls last, file_id desc
    ) = 1
)

select
    $district as district, r.id_number, r.registry_number, r.name, s.school_name, r.grade,
    coalesce(r.registry_status, '在读') as registry_status
from validated.registry as r
inner join newest on r.school_code = newest.school_code and r.period = newest.period
inner join standing as s on r.school_code = s.school_code
where coalesce(r.registry_status, '在读') in ('在读', '休学') and s.school_status is distinct from '撤并'
