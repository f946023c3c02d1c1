-- One row per child in a 中职 register, or moved there, who has not finished grade 9. Rules page: to_vocational.md.
with there as (
    select link.person_id, link.matched_by
    from (
        select identity from validated.vocational qualify period = max(period) over (partition by school_name)
    ) as v
    inner join conformed.link as link on v.identity = link.identity
    union all
    select link.person_id, link.matched_by
    from validated.movement as m
    inner join conformed.link as link on m.identity = link.identity
    where m.movement_type = '转入中职' and m.moved_on <= $as_of
),

once as (
    select person_id, min(matched_by) as matched_by from there group by person_id
)

select o.person_id, p.school_code, e.grade, coalesce(e.stage, c.stage_by_age) as stage, o.matched_by
from once as o
inner join conformed.place as p on o.person_id = p.person_id
left join conformed.enrolment as e on o.person_id = e.person_id
left join conformed.child as c on o.person_id = c.person_id
anti join conformed.completion as done on o.person_id = done.person_id and done.completed_grade = 9
-- whoever is past school age and has no record here finished before we began to look
where e.person_id is not null or c.is_school_age
