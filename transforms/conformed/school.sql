-- One row per school: its last delivery, and the school where its pupils count.
with recursive ranked as (
    select
        *,
        row_number() over (
            partition by school_code order by period desc, data_as_of desc nulls last, file_id desc, source_row desc
        ) as nth
    from validated.school
),

latest as (
    select
        *,
        school_status = '撤并' and coalesce(effective_date, date '1900-01-01') <= $as_of as is_closed
    from ranked
    where nth = 1
),

next_school as (
    -- a 教学点 reports for its 中心校; a merged school is followed by its successor
    select
        school_code,
        case
            when is_closed and successor_code is not null then successor_code
            when school_type = '教学点' and central_school_code is not null then central_school_code
        end as next_code
    from latest
),

steps as (
    select school_code, next_code, 1 as depth from next_school where next_code is not null
    union all
    select steps.school_code, next_school.next_code, steps.depth + 1 as depth
    from steps
    inner join next_school on steps.next_code = next_school.school_code
    where next_school.next_code is not null and steps.depth < 9
),

ends as (
    select school_code, arg_max(next_code, depth) as counts_at
    from steps
    group by school_code
)

select
    latest.school_code,
    latest.school_name,
    latest.school_type,
    latest.founder_type,
    latest.township,
    latest.school_zone,
    latest.supervision_zone,
    latest.urban_rural,
    latest.is_key_area,
    coalesce(latest.school_status, '正常') as school_status,
    coalesce(ends.counts_at, latest.school_code) as counts_at,
    ends.counts_at is null and not coalesce(latest.is_closed, false)
    and latest.school_type <> '中等职业学校' as is_reporting
from latest
left join ends on latest.school_code = ends.school_code
