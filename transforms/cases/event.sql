-- One row per event of a case, in order. Events are only appended; the state is computed from them.
with happened as (
    select
        case_no, '立案' as event, opened_on as happened_on, opened_in as learned_in_period, '教委' as office_kind,
        null as source_file_id, 0 as rank
    from cases.opening
    union all
    select
        s.case_no, r.says as event, r.said_on as happened_on, r.learned_in as learned_in_period, r.said_by as office_kind,
        r.source_file_id, 1 as rank
    from cases.standing as s
    inner join conformed.statement as r on s.person_id = r.person_id and r.learned_in >= s.opened_in
    left join cases.standing as later
        on s.person_id = later.person_id and later.opened_in > s.opened_in and r.learned_in >= later.opened_in
    where later.case_no is null
)

select
    case_no,
    (row_number() over (
        partition by case_no order by rank, learned_in_period, happened_on, event, office_kind, source_file_id
    ))::integer as seq,
    event,
    happened_on,
    learned_in_period,
    office_kind,
    source_file_id
from happened
