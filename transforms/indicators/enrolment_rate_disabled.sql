-- One row per school-age child of the disability register, in the 底册 or not.
-- Rules page: enrolment_rate_disabled.md.
with held as (
    -- a later delivery of a township replaces its earlier one (contract §3)
    select * from validated.disabled
    qualify period = max(period) over (partition by township)
),

listed as (
    select
        link.person_id, p.birth_date, min(h.township) as township, arg_min(h.village, h.township) as village
    from held as h
    inner join conformed.link as link on h.identity = link.identity
    inner join conformed.person as p on link.person_id = p.person_id
    group by link.person_id, p.birth_date
),

aged as (
    select
        *,
        age_in(birth_date, $school_year) as age
    from listed
),

judged as (
    select
        a.person_id,
        coalesce(c.township, a.township) as township,
        case when c.person_id is null then a.village else c.village end as village,
        due.school_code,
        case when a.age < 12 then 'primary' else 'junior' end as stage,
        coalesce(
            due.is_enrolled,
            e.person_id is not null or done.person_id is not null
            or x.explanation in ('外地就读有学籍', '外地就读无学籍', '在校就读', '待升学'), false
        ) as is_enrolled,
        coalesce(due.unresolved, p.unresolved or x.on_review_list, false) as unresolved
    from aged as a
    left join conformed.child as c on a.person_id = c.person_id
    left join indicators.due_child as due on a.person_id = due.person_id
    left join compared.standing as s on a.person_id = s.person_id
    left join conformed.enrolment as e on a.person_id = e.person_id
    left join conformed.explanation as x on a.person_id = x.person_id
    left join conformed.completion as done on a.person_id = done.person_id and done.completed_grade = 9
    left join cases.person_state as p on a.person_id = p.person_id
    where
        a.age between 6 and 14
        -- verified dead, moved or an error: no longer anybody's to enrol, as in enrolment_rate
        and (s.person_id is null or due.person_id is not null)
        and coalesce(x.explanation, '') not in ('死亡', '出国(境)', '户籍迁出', '户籍或证件错误', '重复信息')
)

select
    j.person_id,
    j.township,
    j.village,
    j.school_code,
    j.stage,
    j.is_enrolled as in_numerator,
    j.is_enrolled and not j.unresolved as in_low,
    j.is_enrolled or j.unresolved as in_high
from judged as j
