-- One row per event of a case, in order: what was heard of it, and each change of its state. Events are only appended; the last
-- 转为… or 销号（…） says where the case stands, before the first of them it is 待核实.
with person_opening as (
    select
        o.*, p.person_id,
        coalesce(lead(o.opened_in) over (partition by p.person_id order by o.opened_in, o.case_no), '9999') as next_opened_in
    from cases.opening as o
    inner join conformed.person as p on o.child_key = p.child_key
),

happened as (
    select
        case_no,
        -- a new case names the one that was closed before it
        case when case_before is null then '立案' else '再次立案（前案' || case_before || '）' end as event,
        opened_on as happened_on, opened_in as learned_in_period, '教委' as office_kind, null as source_file_id, 0 as rank, 0 as unit_rank
    from person_opening
    union all
    select
        o.case_no, r.says as event, r.said_on as happened_on, r.learned_in as learned_in_period, r.said_by as office_kind,
        r.source_file_id, 1 as rank, r.unit_rank
    from person_opening as o
    inner join conformed.statement as r
        on o.person_id = r.person_id and r.learned_in >= o.opened_in
        and (r.learned_in < o.next_opened_in or r.case_no = o.case_no)
    union all
    -- what is said when the later case of the child has closed and this one has not
    select
        o.case_no, r.says as event, r.said_on as happened_on, r.learned_in as learned_in_period, r.said_by as office_kind,
        r.source_file_id, 1 as rank, r.unit_rank
    from person_opening as o
    inner join cases.left_open as l on o.case_no = l.case_no
    inner join conformed.statement as r
        on o.person_id = r.person_id and r.learned_in > l.after_period and r.learned_in <= l.last_period and r.case_no is null
    union all
    -- of a case that a rerun of its period opens no more nothing is told
    select
        t.case_no, t.turn as event, t.turned_on as happened_on, t.turned_in as learned_in_period, '学校' as office_kind,
        null as source_file_id, 2 as rank, 0 as unit_rank
    from cases.turning as t
    inner join person_opening as o on t.case_no = o.case_no
    union all
    -- after the words of the period, what they add up to
    select
        c.case_no,
        case
            when c.state <> '已销号' then '转为' || c.state
            when c.is_signed then '审核销号（' || c.closed_as || '）'
            else '销号（' || c.closed_as || '）'
        end as event,
        c.changed_on as happened_on, c.changed_in as learned_in_period, c.office_kind, c.source_file_id, 3 as rank, c.nth as unit_rank
    from cases.change as c
    inner join person_opening as o on c.case_no = o.case_no
)

select
    case_no,
    (row_number() over (
        partition by case_no
        order by rank > 0, learned_in_period, rank = 3, case when rank = 3 then unit_rank end,
            happened_on, rank, unit_rank, event, office_kind, source_file_id
    ))::integer as seq,
    event,
    happened_on,
    learned_in_period,
    office_kind,
    source_file_id
from happened
