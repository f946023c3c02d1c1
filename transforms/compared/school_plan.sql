-- One row per reporting school: its plan, help and publicity as its self-reports say. Rules page: school_plan.md.
with by_month as (
    -- whole-school facts stand on every 年级段 alike; pupils and visits add up over them
    select
        school_code,
        month,
        month >= strftime($first_day, '%Y-%m') as in_period,
        bool_or(has_plan) as has_plan,
        max(study_meetings) as study_meetings,
        max(funds) as funds,
        bool_or(has_responsible) as has_responsible,
        sum(struggling_pupils) filter (where help_plans is not null)::integer as struggling_pupils,
        sum(help_plans) filter (where struggling_pupils is not null)::integer as help_plans,
        max(law_sessions) as law_sessions,
        sum(law_reached)::integer as law_reached,
        sum(home_visits)::integer as home_visits
    from compared.work_report
    where month >= $school_year::varchar || '-09'
    group by school_code, month
),

told as (
    -- the plan is a matter of the school year; help and publicity are those of the last month told in the period
    select
        school_code,
        count(*) filter (where in_period)::integer as months_told,
        arg_max(has_plan, month) as has_plan,
        sum(study_meetings)::integer as study_meetings,
        arg_max(funds, month) as funds,
        bool_or(has_responsible) as has_responsible,
        arg_max(struggling_pupils, month) filter (where in_period) as struggling_pupils,
        arg_max(help_plans, month) filter (where in_period) as help_plans,
        sum(law_sessions) filter (where in_period)::integer as law_sessions,
        arg_max(law_reached, month) filter (where in_period) as law_reached,
        sum(home_visits) filter (where in_period)::integer as home_visits
    from by_month
    group by school_code
),

owed as (
    select count(*)::integer as months_owed from validated.calendar_month where owed
),

live as (
    select school_code, count(*)::integer as pupils from conformed.enrolment group by school_code
)

select
    $period as period,
    $version::integer as version,
    s.school_code,
    s.supervision_zone,
    o.months_owed,
    coalesce(t.months_told, 0)::integer as months_told,
    t.has_plan,
    t.study_meetings,
    t.funds,
    t.has_responsible,
    -- 方案、专题研究、专人负责、专项经费: the four parts that the notice asks for
    (
        coalesce(t.has_plan, false)::integer + coalesce(t.study_meetings > 0, false)::integer
        + coalesce(t.has_responsible, false)::integer + coalesce(t.funds > 0, false)::integer
    )::integer as plan_parts,
    t.struggling_pupils,
    t.help_plans,
    t.law_sessions,
    t.law_reached,
    coalesce(l.pupils, 0)::integer as pupils,
    t.home_visits
from conformed.school as s
cross join owed as o
left join told as t on s.school_code = t.school_code
left join live as l on s.school_code = l.school_code
where s.is_reporting
