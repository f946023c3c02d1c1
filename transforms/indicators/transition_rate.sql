-- One row per pupil who completed grade 6 last school year. Rules page: transition_rate.md.
with last_primary as (
    select person_id, arg_max(school_code, period) as school_code
    from conformed.record
    where grade = '6' and period < $school_year::varchar || '-B5'
    group by person_id
),

gone_up as (
    select distinct person_id
    from conformed.record
    where stage = 'junior' and is_live and period >= $school_year::varchar || '-B5'
),

judged as (
    select
        done.person_id,
        l.school_code,
        g.person_id is not null or coalesce(x.explanation in ('外地就读有学籍', '外地就读无学籍'), false) as is_up,
        coalesce(p.unresolved, false) or coalesce(x.on_review_list, false)
        or (a.person_id is not null and e.person_id is null) as unresolved
    from conformed.completion as done
    left join last_primary as l on done.person_id = l.person_id
    left join gone_up as g on done.person_id = g.person_id
    left join conformed.explanation as x on done.person_id = x.person_id
    left join cases.person_state as p on done.person_id = p.person_id
    left join compared.set_aside as a on done.person_id = a.person_id
    left join conformed.enrolment as e on done.person_id = e.person_id
    where
        done.completed_grade = 6
        and done.first_period > ($school_year - 1)::varchar || '-B5'
        and done.first_period <= $school_year::varchar || '-B5'
)

select
    person_id,
    school_code,
    'primary' as stage,
    '6' as grade,
    is_up as in_numerator,
    is_up and not unresolved as in_low,
    is_up or unresolved as in_high
from judged
