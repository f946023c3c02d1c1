-- One row per child of school age in the 底册. Rules page: enrolment_rate.md.
with zone_school as (
    -- the school a child of a village belongs to; only where 对口学校 or the intake list says so
    select
        c.person_id,
        coalesce(i.school_code, case c.stage_by_age when 'primary' then a.primary_school_code else a.junior_school_code end)
        as school_code
    from conformed.child as c
    left join conformed.area as a on a.level = '村社' and c.township = a.township and c.village = a.village
    left join (
        select link.person_id, arg_max(n.intake_school_code, n.period || n.intake_school_code) as school_code
        from validated.intake as n
        inner join conformed.link as link on n.identity = link.identity
        group by link.person_id
    ) as i on c.person_id = i.person_id
),

child as (
    select
        c.person_id, c.township, c.village, c.stage_by_age, s.why, s.is_quarantined, s.on_review_list,
        z.school_code, school.school_zone, school.supervision_zone,
        coalesce(p.unresolved, false) or s.on_review_list or s.is_quarantined as unresolved,
        s.why in ('本区在籍', '外地就读有学籍', '外地就读无学籍', '在校就读', '初中已毕业', '待升学')
        as is_enrolled,
        not starts_with(s.why, '底册') and s.why not in ('死亡', '出国(境)', '户籍迁出', '户籍或证件错误', '重复信息') as is_due
    from compared.standing as s
    inner join conformed.child as c on s.person_id = c.person_id
    left join cases.person_state as p on s.person_id = p.person_id
    left join zone_school as z on c.person_id = z.person_id
    left join conformed.school as school on z.school_code = school.school_code
)

select
    'enrolment_rate' as indicator,
    c.township,
    c.village,
    c.school_zone,
    c.supervision_zone,
    c.school_code,
    c.stage_by_age as stage,
    null::varchar as grade,
    g.population_groups,
    c.is_enrolled as in_numerator,
    true as in_denominator,
    c.is_enrolled and not c.unresolved as in_low,
    c.is_enrolled or c.unresolved as in_high
from child as c
left join conformed.groups as g on c.person_id = g.person_id
where c.is_due
