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

best as (
    select *
    from candidate
    qualify row_number() over (partition by person_id order by rank, issued_on, verify_by) = 1
),

new_case as (
    select b.*, p.child_key, coalesce(b.issued_on, f.said_on, $issued) as opened_on
    from best as b
    left join first_feedback as f on b.person_id = f.person_id
    inner join conformed.person as p on b.person_id = p.person_id
    anti join (select person_id from cases.before where is_open) as still_open on b.person_id = still_open.person_id
)

select case_no, child_key, opened_in, opened_on, opened_by, issued_on, verify_by
from conformed.kept_opening
union all
select
    'RC' || replace($period, '-', '') || '-' || lpad((row_number() over (order by child_key))::varchar, 5, '0') as case_no,
    child_key,
    $period as opened_in,
    opened_on,
    opened_by,
    issued_on,
    verify_by
from new_case
