-- One row per pupil of school age with a live record and no row in the 底册 (有学籍无户籍). Rules page: no_household.md.
select e.person_id, e.school_code, e.grade, e.stage, 'none' as matched_by
from conformed.enrolment as e
anti join conformed.child as c on e.person_id = c.person_id
where e.is_school_age
