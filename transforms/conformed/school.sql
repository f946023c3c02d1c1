-- One row per school: its last delivery, and the school where its pupils count.
with ranked as (
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

-- followed to the end, nine steps at most: each pass takes twice as many steps as the one before
two_on as (
    select a.school_code, coalesce(b.next_code, a.next_code) as next_code
    from next_school as a left join next_school as b on a.next_code = b.school_code
),

four_on as (
    select a.school_code, coalesce(b.next_code, a.next_code) as next_code
    from two_on as a left join two_on as b on a.next_code = b.school_code
),

eight_on as (
    select a.school_code, coalesce(b.next_code, a.next_code) as next_code
    from four_on as a left join four_on as b on a.next_code = b.school_code
),

ends as (
    select a.school_code, coalesce(b.next_code, a.next_code) as counts_at
    from eight_on as a left join next_school as b on a.next_code = b.school_code
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
