-- One row per child who sits in a class of ours without a live record (在校无学籍). Rules page: no_registry.md.
with seated as (
    select person_id, arg_max(school_code, month || school_code) as school_code
    from conformed.absence
    where presence_status in ('在校', '请假')
    group by person_id
)

select
    s.person_id,
    s.school_code,
    null::varchar as grade,
    null::varchar as stage,
    'none' as matched_by
from seated as s
anti join conformed.enrolment as e on s.person_id = e.person_id
anti join compared.set_aside as q on s.person_id = q.person_id
