-- One row per school, month of the period, 年级段 and item: the self-report against the strictest limit in force.
-- Rules page: work_check.md.
with so_far as (
    -- exams are limited by the term (秋季 from September, 春季 from February): the months so far are added up
    select
        *,
        sum(exams) over (
            partition by told_by, grade_band, case when substr(month, 6) between '02' and '08' then left(month, 4) || '春'
                when substr(month, 6) = '01' then (left(month, 4)::integer - 1)::varchar || '秋' else left(month, 4) || '秋' end
            order by month
        ) as exams_in_term
    from compared.work_report
),

told as (
    select
        school_code,
        month,
        grade_band,
        grade_bands,
        unnest([
            { 'item': 'study_hours', 'measured': study_hours },
            { 'item': 'homework_minutes', 'measured': homework_minutes },
            { 'item': 'exams', 'measured': exams_in_term::double },
            { 'item': 'aids_per_subject', 'measured': aids_per_subject },
            { 'item': 'sport_hours', 'measured': sport_hours }
        ]) as one
    from so_far
    where month >= strftime($first_day, '%Y-%m')
),

judged as (
    -- a limit judges a row only when it covers every grade that the row may speak of
    select
        t.school_code,
        t.month,
        t.grade_band,
        t.one.item as item,
        t.one.measured as measured,
        l.limit_id,
        l.limit_title,
        l.direction,
        l.limit_value,
        l.unit,
        l.authority,
        case l.direction when 'at_most' then 1 else -1 end as sign
    from told as t
    inner join validated.work_limit as l
        on t.one.item = l.item
        and list_has_all(l.grade_bands, t.grade_bands)
        and coalesce(l.in_force_from <= last_day((t.month || '-01')::date), true)
        and coalesce(l.in_force_until >= (t.month || '-01')::date, true)
    where t.one.measured is not null
),

strictest as (
    select * from judged
    qualify row_number() over (
        partition by school_code, month, grade_band, item
        order by sign * limit_value, limit_id, sign * measured desc
    ) = 1
)

select
    $period as period,
    $version::integer as version,
    school_code,
    month,
    grade_band,
    item,
    limit_title,
    measured,
    direction,
    limit_value,
    unit,
    authority,
    sign * measured > sign * limit_value as is_breach
from strictest
