-- One row per 镇街 or 村社: its last delivery. Known by name: the code books disagree.
with ranked as (
    select
        level,
        case when level = '镇街' then area_name else parent_township end as township,
        case when level = '村社' then area_name else '' end as village,
        key_area_types,
        primary_school_code,
        junior_school_code,
        row_number() over (
            partition by level, coalesce(parent_township, ''), area_name
            order by period desc, data_as_of desc nulls last, file_id desc, source_row desc
        ) as nth
    from validated.area
)

select level, township, village, key_area_types, primary_school_code, junior_school_code
from ranked
where nth = 1
