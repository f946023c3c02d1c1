-- One row per school and stage: who was to come back at the opening of the term, and where each of them is.
with base_period as (
    -- the last snapshot before the opening; without one the first that is held
    select coalesce(max(period) filter (where period < $opened), min(period)) as period from conformed.record
),

roll as (
    select r.person_id, r.school_code, r.grade
    from conformed.record as r
    inner join base_period as b on r.period = b.period
    where r.is_live and r.is_chosen
),

intake as (
    select link.person_id, s.counts_at as school_code
    from validated.intake as i
    inner join conformed.link as link on i.identity = link.identity
    inner join conformed.school as s on i.intake_school_code = s.school_code
    where i.period between $intake_from and $period and $is_autumn
    qualify
        i.period = max(i.period) over (partition by i.intake_school_code)
        and row_number() over (partition by link.person_id order by i.period desc, i.intake_school_code) = 1
),

expected as (
    select person_id, school_code, try_cast(grade as integer) + $is_autumn::integer as grade from roll
    union all
    -- 新生名册 lists primary and junior entrants: only those whom no roll held are new here
    select i.person_id, i.school_code, null as grade from intake as i anti join roll as r on i.person_id = r.person_id
    union all
    select e.person_id, e.school_code, 1 as grade
    from conformed.enrolment as e
    anti join roll as r on e.person_id = r.person_id
    anti join intake as i on e.person_id = i.person_id
    where $is_autumn and e.grade = '1'
),

seen as (
    -- in class in any month since the opening is back, whatever came later
    select
        person_id,
        bool_or(state_in_month in ('在校', '无故缺勤')) as was_present,
        bool_or(state_in_month = '请假') as was_excused,
        bool_or(state_in_month in ('不在名单', '离校未归')) as was_missed
    from conformed.presence
    group by person_id
),

finished as (
    select distinct person_id from conformed.completion where completed_grade = 9
),

told as (
    select
        coalesce(e.school_code, x.school_code) as school_code,
        coalesce(e.stage, case when x.grade <= 6 then 'primary' else 'junior' end) as stage,
        case
            when e.person_id is null and w.explanation = '死亡' then '死亡'
            when e.person_id is null and w.explanation in ('外地就读有学籍', '外地就读无学籍', '出国(境)', '户籍迁出', '中职就读') then '转出'
            when e.registry_status = '休学' or (e.person_id is null and w.explanation in ('休学', '延缓入学')) then '休学'
            when e.is_home_taught or w.explanation = '送教上门' then '送教'
            when e.person_id is null then '不明'
            when s.was_present then '已返'
            when s.was_excused then '请假'
            when a.person_id is not null or s.was_missed then '不明'
            else '未报'
        end as outcome
    from expected as x
    left join conformed.enrolment as e on x.person_id = e.person_id
    left join conformed.explanation as w on x.person_id = w.person_id
    left join seen as s on x.person_id = s.person_id
    left join compared.absent as a on x.person_id = a.person_id
    left join finished as f on x.person_id = f.person_id
    where
        (f.person_id is null or e.person_id is not null)
        and (e.person_id is not null or coalesce(w.explanation not in ('已毕业', '超龄', '重复信息', '户籍或证件错误'), true))
)

select
    school_code,
    case stage when 'primary' then '小学' else '初中' end as stage,
    count(*) as expected,
    count(*) filter (where outcome = '已返') as back,
    count(*) filter (where outcome = '转出') as moved_out,
    count(*) filter (where outcome = '休学') as suspended,
    count(*) filter (where outcome = '请假') as excused,
    count(*) filter (where outcome = '死亡') as died,
    count(*) filter (where outcome = '送教') as home_taught,
    count(*) filter (where outcome = '不明') as unknown,
    count(*) filter (where outcome = '未报') as unreported
from told
group by school_code, stage
order by school_code, stage
