-- One row per person and grade (6 or 9) finished. Once known it stays known (contract §1: Completed).
with last_of_year_before as (
    select max(period) as period
    from conformed.record
    where period < $school_year::varchar || '-B5'
),

gone_up as (
    -- live in the grade in the last snapshot of the year before, and no longer in it
    select before.person_id, before.grade
    from conformed.record as before
    inner join last_of_year_before as l on before.period = l.period
    left join conformed.enrolment as now on before.person_id = now.person_id and before.grade = now.grade
    where before.is_chosen and before.grade in ('6', '9') and now.person_id is null
),

moved as (
    -- what anybody said, and what the case did by itself
    select person_id, said_on, unit_rank, learned_in, statement_kind, says, state
    from conformed.ruling
    union all
    select person_id, turned_on as said_on, 0 as unit_rank, turned_in as learned_in, 'turning' as statement_kind, turn as says, state
    from conformed.turned
),

lost as (
    select person_id
    from moved
    qualify state in ('劝返中', '失联') and row_number() over (
        partition by person_id order by said_on desc, unit_rank desc, learned_in desc, statement_kind, says
    ) = 1
),

known as (
    select person_id, completed_grade, first_period
    from conformed.finished
    union all
    select gone_up.person_id, gone_up.grade::integer as completed_grade, $school_year::varchar || '-B5' as first_period
    from gone_up
    anti join lost on gone_up.person_id = lost.person_id
)

select person_id, completed_grade, min(first_period) as first_period
from known
group by person_id, completed_grade
