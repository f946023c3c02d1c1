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

lost as (
    select person_id
    from conformed.statement
    where says not in ('未返校', '承诺复学')
    qualify row_number() over (partition by person_id order by said_on desc, unit_rank desc, learned_in desc, says) = 1
        and says in ('确认辍学', '失学', '失联')
),

finished as (
    select link.person_id, r.grade, min(r.period) as known_in
    from validated.registry as r
    inner join conformed.link as link on r.identity = link.identity
    where r.registry_status in ('毕业', '结业') and r.grade in ('6', '9')
    group by link.person_id, r.grade
    union all
    select
        link.person_id, m.grade,
        min(year(m.moved_on)::varchar || '-B' || ((month(m.moved_on) + 1) // 2)::varchar) as known_in
    from validated.movement as m
    inner join conformed.link as link on m.identity = link.identity
    where m.movement_type in ('毕业', '提前毕业', '结业') and m.grade in ('6', '9') and m.moved_on <= $as_of
        and coalesce(m.movement_state, '已办结') = '已办结'
    group by link.person_id, m.grade
    union all
    select person_id, '9' as grade, min(learned_in) as known_in
    from conformed.statement
    where says = '已毕业' and has_evidence
    group by person_id
    union all
    select gone_up.person_id, gone_up.grade, $school_year::varchar || '-B5' as known_in
    from gone_up
    anti join lost on gone_up.person_id = lost.person_id
)

select person_id, grade::integer as completed_grade, min(known_in) as first_period
from finished
group by person_id, grade
