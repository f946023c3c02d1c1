-- One row per disabled child of school age without a place, or taught at home without a record. Rules page: disabled_out.md.
with held as (
    select identity, placement from validated.disabled
    qualify period = max(period) over (partition by township)
),

named as (
    select
        link.person_id,
        link.matched_by,
        h.placement is null as is_unknown,
        h.placement = '未安置' as is_out,
        h.placement in ('送教上门', '远程教育') as is_at_home
    from held as h
    inner join conformed.link as link on h.identity = link.identity
    union all
    -- verified as taught at home: with a record or not at all (残疾人教育条例第十七条)
    select person_id, 'none' as matched_by, false as is_unknown, false as is_out, true as is_at_home
    from conformed.explanation
    where explanation = '送教上门'
),

once as (
    select person_id, min(matched_by) as matched_by, bool_or(is_unknown) as is_unknown,
        coalesce(bool_or(is_out), false) as is_out, coalesce(bool_or(is_at_home), false) as is_at_home
    from named
    group by person_id
),

aged as (
    select
        *,
        age_in(birth_date, $school_year) as age
    from conformed.person
)

select o.person_id, p.school_code, e.grade, coalesce(e.stage, c.stage_by_age) as stage, o.matched_by
from once as o
inner join aged as a on o.person_id = a.person_id and a.age between 6 and 14
inner join conformed.place as p on o.person_id = p.person_id
left join conformed.enrolment as e on o.person_id = e.person_id
left join conformed.child as c on o.person_id = c.person_id
anti join conformed.completion as done on o.person_id = done.person_id and done.completed_grade = 9
anti join conformed.explanation as x on o.person_id = x.person_id and x.explanation not in ('送教上门', '在校就读')
anti join compared.set_aside as q on o.person_id = q.person_id
where
    c.left_roster_as is null
    and (o.is_out or (e.person_id is null and (o.is_at_home or o.is_unknown)))
