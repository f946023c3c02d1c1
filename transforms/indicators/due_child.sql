-- One row per child of school age in the 底册 who should be enrolled: the denominator of every enrolment rate.
with intake as (
    select link.person_id, arg_max(n.intake_school_code, n.period || n.intake_school_code) as school_code
    from validated.intake as n
    inner join conformed.link as link on n.identity = link.identity
    group by link.person_id
),

zone_school as (
    -- the school a child belongs to; only where 对口学校 or the intake list says so
    select
        c.person_id,
        coalesce(
            i.school_code,
            case c.stage_by_age when 'primary' then a.primary_school_code else a.junior_school_code end
        ) as school_code
    from conformed.child as c
    left join conformed.area as a on a.level = '村社' and c.township = a.township and c.village = a.village
    left join intake as i on c.person_id = i.person_id
)

select
    c.person_id,
    c.township,
    c.village,
    z.school_code,
    c.stage_by_age as stage,
    s.why,
    c.hukou_status,
    c.roster_sources,
    e.stage as record_stage,
    s.why in ('本区在籍', '外地就读有学籍', '外地就读无学籍', '在校就读', '初中已毕业', '待升学') as is_enrolled,
    coalesce(e.registry_status = '休学', false) or coalesce(x.explanation = '休学', false) as is_suspended,
    coalesce(p.unresolved, false) or s.on_review_list or s.is_quarantined as unresolved
from compared.standing as s
inner join conformed.child as c on s.person_id = c.person_id
left join conformed.enrolment as e on s.person_id = e.person_id
left join conformed.explanation as x on s.person_id = x.person_id
left join cases.person_state as p on s.person_id = p.person_id
left join zone_school as z on c.person_id = z.person_id
where not starts_with(s.why, '底册') and s.why not in ('死亡', '出国(境)', '户籍迁出', '户籍或证件错误', '重复信息')
