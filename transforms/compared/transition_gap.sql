-- One row per child who finished grade 6 last school year, without a live record and unexplained. Rules page: transition_gap.md.
with finished as (
    -- completed during the last school year, or seen to be gone from grade 6 when the new one opened
    select person_id
    from conformed.completion
    where
        completed_grade = 6
        and first_period > ($school_year::integer - 1)::varchar || '-B5'
        and first_period <= $school_year::varchar || '-B5'
),

last_record as (
    select person_id, arg_max(school_code, period) as school_code, arg_max(grade, period) as grade,
        arg_max(matched_by, period) as matched_by
    from conformed.record
    where grade = '6'
    group by person_id
)

select f.person_id, r.school_code, r.grade, 'primary' as stage, coalesce(r.matched_by, 'none') as matched_by
from finished as f
left join last_record as r on f.person_id = r.person_id
anti join conformed.enrolment as e on f.person_id = e.person_id
anti join conformed.completion as done on f.person_id = done.person_id and done.completed_grade = 9
anti join conformed.explanation as x on f.person_id = x.person_id
anti join compared.set_aside as q on f.person_id = q.person_id
