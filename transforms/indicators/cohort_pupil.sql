-- One row per pupil of grade 6 or 9 of this school year: on the roll now or graduated this year, and at its
-- start.
with first_of_year as (
    select min(period) as period from conformed.record where period >= $school_year::varchar || '-B5'
),

here as (
    select person_id, school_code, grade, true as is_now, false as at_start
    from conformed.enrolment
    where grade in ('6', '9')
    union all
    -- graduates of B5 are those of the year before
    select done.person_id, arg_max(r.school_code, r.period), done.completed_grade::varchar, true, false
    from conformed.completion as done
    inner join
        conformed.record as r
        on done.person_id = r.person_id and r.grade = done.completed_grade::varchar
    where done.first_period > $school_year::varchar || '-B5'
    group by done.person_id, done.completed_grade
    union all
    select r.person_id, r.school_code, r.grade, false, true
    from conformed.record as r
    inner join first_of_year as f on r.period = f.period
    where r.is_chosen and r.grade in ('6', '9')
)

select
    person_id,
    arg_max(school_code, is_now) as school_code,
    grade,
    bool_or(is_now) as is_now,
    bool_or(at_start) as at_start
from here
group by person_id, grade
