-- One row per pupil verified at school elsewhere whose live record is still here (人籍分离). Rules page: elsewhere.md.
select e.person_id, e.school_code, e.grade, e.stage, e.matched_by
from conformed.enrolment as e
inner join conformed.explanation as x on e.person_id = x.person_id
where x.explanation in ('外地就读有学籍', '外地就读无学籍')
    -- a pupil who finished grade 6 waits for a junior school, wherever that is
    and e.registry_status in ('在读', '休学', '转出中')
