-- One row per reporting place, month and 年级段: its last delivered self-report of work (学校工作月报).
with told as (
    select r.*, s.counts_at, s.school_type
    from validated.school_work as r
    inner join conformed.school as s on r.school_code = s.school_code
    where r.month <= strftime($as_of, '%Y-%m')
    qualify row_number() over (
        partition by r.school_code, r.month, r.grade_band
        order by r.period desc, r.data_as_of desc nulls last, r.file_id desc, r.source_row desc
    ) = 1
),

placed as (
    -- a row without 年级段 may speak of any grade that the school has
    select
        *,
        case
            when grade_band is not null then [grade_band]
            when school_type in ('小学', '教学点') then ['一二年级', '三至六年级']
            when school_type = '初级中学' then ['初中']
            else ['一二年级', '三至六年级', '初中']
        end as grade_bands
    from told
)

select
    counts_at as school_code,
    school_code as told_by,
    month,
    case when array_length(grade_bands) = 1 then grade_bands[1] else '全校' end as grade_band,
    grade_bands,
    study_hours,
    homework_minutes,
    exams,
    aids_per_subject,
    sport_hours,
    struggling_pupils,
    help_plans,
    law_sessions,
    law_reached,
    home_visits,
    has_plan,
    study_meetings,
    funds,
    responsible_person is not null as has_responsible
from placed
