-- One row per case: those of earlier periods as they were opened, and this period's new ones. One open case a child.
with candidate as (
    select person_id, 'listed' as opened_by, 1 as rank, issued_on, verify_by
    from conformed.listing
    where listed_in = $period
    union all
    select person_id, 'transition_gap' as opened_by, 2 as rank, null as issued_on, null as verify_by
    from compared.transition_gap
    union all
    select person_id, 'unaccounted' as opened_by, 3 as rank, null as issued_on, null as verify_by
    from compared.unaccounted
    union all
    -- a pupil over school age is found but gets no case
    select a.person_id, 'absent' as opened_by, 4 as rank, null as issued_on, null as verify_by
    from compared.absent as a
    inner join conformed.enrolment as e on a.person_id = e.person_id
    where coalesce(e.age < 15, true)
    union all
    select person_id, 'unenrolled' as opened_by, 5 as rank, null as issued_on, null as verify_by
    from compared.unenrolled
    union all
    select person_id, 'feedback' as opened_by, 6 as rank, null as issued_on, null as verify_by
    from conformed.statement
    where
        learned_in = $period
        and (statement_kind = 'persuasion' or (statement_kind = 'verification' and says in ('失学', '确认辍学', '失联')))
    union all
    select person_id, 'leave_ended' as opened_by, 7 as rank, null as issued_on, null as verify_by
    from cases.leave_ended
),

first_feedback as (
    select person_id, min(said_on) as said_on
    from conformed.statement
    -- a word that had lapsed before it came does not open the case
    where learned_in = $period and statement_kind in ('verification', 'persuasion') and held_when_learned
    group by person_id
),

first_told as (
    -- a rerun of the period keeps how a case was opened, while that source still names the child
    select a.person_id, arg_min(n.opened_by, n.told) as opened_by, arg_min(n.issued_on, n.told) as issued_on
    from validated.numbered_opening as n
    inner join conformed.alias as a on n.child_key = a.child_key
    group by a.person_id
),

best as (
    select c.*
    from candidate as c
    left join first_told as f on c.person_id = f.person_id
    qualify row_number() over (
        partition by c.person_id
        order by
            coalesce(c.opened_by = f.opened_by, false) desc, c.rank,
            c.issued_on is not distinct from f.issued_on desc, c.issued_on, c.verify_by
    ) = 1
),

new_case as (
    select b.*, p.child_key, coalesce(b.issued_on, f.said_on, $issued) as opened_on
    from best as b
    left join first_feedback as f on b.person_id = f.person_id
    inner join conformed.person as p on b.person_id = p.person_id
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

select case_no, child_key, opened_in, opened_on, opened_by, issued_on, verify_by
from conformed.kept_opening
union all
select
    coalesce(number_kept, 'RC' || replace($period, '-', '') || '-' || lpad((number + nth)::varchar, greatest(5, length((number + nth)::varchar))::integer, '0')) as case_no,
    child_key,
    $period as opened_in,
    opened_on,
    opened_by,
    issued_on,
    verify_by
from numbered
