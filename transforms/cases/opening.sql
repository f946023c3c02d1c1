-- One row per case: those of earlier periods as they were opened, and this period's new ones. One open case a child.
with first_feedback as (
    select person_id, min(said_on) as said_on
    from conformed.statement
    -- a word that had lapsed before it came does not open the case
    where learned_in = $period and statement_kind in ('verification', 'persuasion') and held_when_learned
    group by person_id
),

closed_before as (
    -- the case that a new one names; kept, for two children who later prove to be one had none before
    select p.person_id, arg_max(o.case_no, o.opened_in || o.case_no) as case_before
    from conformed.kept_opening as o
    inner join conformed.person as p on o.child_key = p.child_key
    group by p.person_id
),

new_case as (
    select b.*, p.child_key, coalesce(b.issued_on, f.said_on, $issued) as opened_on, last_case.case_before
    from cases.candidate as b
    left join first_feedback as f on b.person_id = f.person_id
    inner join conformed.person as p on b.person_id = p.person_id
    left join closed_before as last_case on b.person_id = last_case.person_id
    anti join (select person_id from cases.before where is_open) as still_open on b.person_id = still_open.person_id
),

-- a rerun of the period keeps the numbers its forms went out with, and gives none of them to another child
number_kept as (
    select a.person_id, arg_max(n.case_no, n.told) as case_no
    from validated.numbered_opening as n
    inner join conformed.alias as a on n.child_key = a.child_key
    group by a.person_id
),

last_number as (
    select coalesce(max(split_part(case_no, '-', 2)::integer), 0) as number from validated.numbered_opening
),

numbered as (
    select
        n.* exclude (person_id), k.case_no as number_kept, l.number,
        row_number() over (partition by k.case_no is null order by n.child_key) as nth
    from new_case as n
    cross join last_number as l
    left join number_kept as k on n.person_id = k.person_id
)

select case_no, child_key, opened_in, opened_on, opened_by, issued_on, verify_by, case_before
from conformed.kept_opening
union all
select
    coalesce(number_kept, 'RC' || replace($period, '-', '') || '-' || lpad((number + nth)::varchar, greatest(5, length((number + nth)::varchar))::integer, '0')) as case_no,
    child_key,
    $period as opened_in,
    opened_on,
    opened_by,
    issued_on,
    verify_by,
    case_before
from numbered
