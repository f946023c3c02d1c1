-- One row per care child without a guardian able to care, and per child without a household. Rules page: unguarded.md.
with care as (
    select identity, guardianship, entrusted_carer from validated.care
    qualify period = max(period) over (partition by township, care_kind)
),

found as (
    select link.person_id, link.matched_by
    from care as c
    inner join conformed.link as link on c.identity = link.identity
    where c.guardianship = '无人监护' or (c.guardianship = '监护能力弱' and c.entrusted_carer is null)
    union all
    select person_id, matched_by from conformed.child where hukou_status = '无户籍' and left_roster_as is null
),

once as (
    select person_id, min(matched_by) as matched_by from found group by person_id
)

select o.person_id, p.school_code, e.grade, coalesce(e.stage, c.stage_by_age) as stage, o.matched_by
from once as o
inner join conformed.place as p on o.person_id = p.person_id
left join conformed.enrolment as e on o.person_id = e.person_id
left join conformed.child as c on o.person_id = c.person_id
