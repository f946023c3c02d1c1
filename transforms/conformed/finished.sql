-- One row per person and grade (6 or 9) that a snapshot, a movement or a verification says is finished (contract §1: Completed).
with said as (
    select link.person_id, r.grade, r.period as known_in
    from validated.registry as r
    inner join conformed.link as link on r.identity = link.identity
    where r.registry_status in ('毕业', '结业') and r.grade in ('6', '9')
    union all
    select
        link.person_id, m.grade,
        year(m.moved_on)::varchar || '-B' || ((month(m.moved_on) + 1) // 2)::varchar as known_in
    from validated.movement as m
    inner join conformed.link as link on m.identity = link.identity
    where m.movement_type in ('毕业', '提前毕业', '结业') and m.grade in ('6', '9') and m.moved_on <= $as_of
        and coalesce(m.movement_state, '已办结') = '已办结'
    union all
    select person_id, '9' as grade, learned_in as known_in
    from conformed.statement
    where says = '已毕业' and has_evidence
)

select person_id, grade::integer as completed_grade, min(known_in) as first_period
from said
group by person_id, grade
