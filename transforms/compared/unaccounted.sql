-- One row per child live in a snapshot of the last twelve months, without a live record now and unexplained. Rules page: unaccounted.md.
with year_before as (
    -- the snapshot of the same two months a year ago stands at the first of the twelve months
    select (substr($period, 1, 4)::integer - 1)::varchar || substr($period, 5) as since
),

was_live as (
    select r.person_id, arg_max(r.school_code, r.period) as school_code, arg_max(r.grade, r.period) as grade,
        arg_max(r.stage, r.period) as stage, arg_max(r.matched_by, r.period) as matched_by
    from conformed.record as r
    inner join year_before as y on r.period >= y.since and r.period < $period
    where r.is_chosen
    group by r.person_id
),

aged as (
    select
        person_id,
        age_in(birth_date, $school_year) as age
    from conformed.person
)

select w.person_id, w.school_code, w.grade, w.stage, w.matched_by
from was_live as w
inner join aged as a on w.person_id = a.person_id and coalesce(a.age between 6 and 14, true)
anti join conformed.enrolment as e on w.person_id = e.person_id
anti join conformed.completion as done on w.person_id = done.person_id and done.completed_grade = 9
anti join conformed.explanation as x on w.person_id = x.person_id
anti join compared.set_aside as q on w.person_id = q.person_id
anti join (
    select link.person_id
    from validated.exam_registration as x inner join conformed.link as link on x.identity = link.identity
) as exam on w.person_id = exam.person_id
