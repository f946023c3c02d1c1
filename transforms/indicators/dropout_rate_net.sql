-- One row per movement of the year at each school it touches (+1 out, -1 in), and per pupil of the start
-- roll.
-- Rules page: dropout_rate_net.md. A move between two schools of ours nets to nothing in every area that
-- holds both.
with moved as (
    select distinct
        link.person_id,
        m.movement_type as kind,
        case when m.movement_type in ('转入', '转出') then null else m.moved_on end as moved_on,
        coalesce(m.from_school_code, m.from_school_name) as left_school,
        coalesce(m.to_school_code, m.to_school_name) as joined_school,
        m.grade
    from validated.movement as m
    inner join conformed.link as link on m.identity = link.identity
    where
        m.moved_on between make_date($school_year::integer, 9, 1) and $as_of
        and coalesce(m.movement_state, '已办结') = '已办结'
),

known as (
    select person_id, arg_max(school_code, period) as school_code, arg_min(grade, period) as grade
    from conformed.record
    where is_chosen
    group by person_id
),

flow as (
    select
        m.person_id,
        m.kind,
        m.moved_on,
        coalesce(f.counts_at, case when m.kind <> '转入' and m.left_school is null then k.school_code end)
            as left_code,
        coalesce(t.counts_at, case when m.kind = '转入' and m.joined_school is null then k.school_code end)
            as joined_code,
        m.left_school is not null as names_left,
        coalesce(k.school_code, f.counts_at) as home_code,
        coalesce(roll.grade, k.grade, m.grade) as grade
    from moved as m
    left join conformed.school as f on m.left_school in (f.school_code, f.school_name)
    left join conformed.school as t on m.joined_school in (t.school_code, t.school_name)
    left join known as k on m.person_id = k.person_id
    left join indicators.membership as roll on m.person_id = roll.person_id
),

step as (
    -- 转出 of one school and 转入 of the other are one move
    select person_id, grade, left_code as school_code, 1 as numerator from flow where kind in ('转出', '转入')
    union
    select person_id, grade, joined_code as school_code, -1 as numerator from flow where kind in ('转出', '转入')
    union all
    select person_id, grade, coalesce(left_code, home_code) as school_code, 1 as numerator
    from flow where kind in ('休学', '退学', '失踪', '死亡', '出国', '转入中职') or (kind = '其他' and names_left)
    union all
    select person_id, grade, coalesce(joined_code, home_code) as school_code, -1 as numerator
    from flow where kind = '复学' or (kind = '其他' and not names_left and joined_code is not null)
),

counted as (
    select person_id, school_code, grade, numerator, 0 as denominator from step where school_code is not null
    union all
    select person_id, school_code, grade, 0 as numerator, 1 as denominator
    from indicators.membership
    where not moved_in
)

select
    person_id,
    null::varchar as township,
    null::varchar as village,
    school_code,
    case when grade <= '6' then 'primary' else 'junior' end as stage,
    grade,
    numerator::bigint as numerator,
    denominator::bigint as denominator
from counted
