-- One row per child of school age who should be in school, has no live record, and nothing that explains it.
with last_record as (
    select person_id, arg_max(school_code, period) as school_code, arg_max(grade, period) as grade
    from conformed.record
    group by person_id
)

select
    s.person_id,
    r.school_code,
    r.grade,
    c.stage_by_age as stage,
    'none' as matched_by
from compared.standing as s
inner join conformed.child as c on s.person_id = c.person_id
left join last_record as r on s.person_id = r.person_id
where s.why = '适龄未入学'
