-- One row per thing that a reader of an indicator of this period must be told.
with start_roll as (
    select 'retention_rate_year' as indicator, min(start_period) as period
    from indicators.membership
),

cohort_due as (
    select
        case entry_grade when '7' then 'retention_rate_junior3' else 'retention_rate_primary6' end
            as indicator,
        moved_net
    from indicators.cohort_school
    where
        (entry_grade = '1' and entry_year = $school_year - 5)
        or (entry_grade = '7' and entry_year = $school_year - 2)
),

said as (
    select
        indicator,
        '学年初名册取自' || period || '快照'
        || case
            when period < $school_year::varchar || '-B5' then '（上学年末，减九年级毕业，加一年级新生）'
            else '（没有上学年快照，以本学年首次快照代替）'
        end as note
    from start_roll
    where period is not null
    union all
    select
        'retention_rate_nine_national' as indicator,
        count(*)::varchar || '所学校没有学年初在校人数，以入学人数代替' as note
    from indicators.cohort_school
    where entry_grade = '1' and entry_year = $school_year - 8 and year_start_count is null
    having count(*) > 0
    union all
    select indicator, count(*)::varchar || '所学校缺累计转入、转出、死亡、出国，未计入' as note
    from cohort_due
    where moved_net is null
    group by indicator
    union all
    select 'retention_rate_tracked' as indicator, '追踪' || min(period) || '快照中的一年级和七年级学生' as note
    from validated.registry
    having count(*) > 0
    union all
    select 'absence_rate' as indicator, '只计报送在校学生月报的' || count(distinct school_code)::varchar || '所学校' as note
    from indicators.absence_rate
    having count(*) > 0
)

select $period as period, $version::integer as version, indicator, note
from said
