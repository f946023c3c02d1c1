-- One row per migrant pupil by the registry's flag. Rules page: migrant_public_place_share.md.
select
    e.person_id,
    e.school_code,
    e.stage,
    e.grade,
    coalesce(s.founder_type = '公办', false) as in_numerator,
    null::boolean as in_low,
    null::boolean as in_high
from conformed.enrolment as e
inner join conformed.school as s on e.school_code = s.school_code
where e.is_migrant_worker_child
