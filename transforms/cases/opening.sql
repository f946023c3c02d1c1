-- One row per case: those of earlier periods as they were opened, and this period's new ones. One open case a child.
with listed as (
    select
        coalesce(link.person_id, line.person_id) as person_id, s.issued_on, s.verify_by,
        -- a list dated after the period it came in waits for its own (contract §1)
        greatest(s.period, coalesce(year(s.issued_on)::varchar || '-B' || ((month(s.issued_on) + 1) // 2)::varchar, ''))
        as listed_in
    from validated.suspect as s
    left join conformed.link as link on s.identity = link.identity
    left join conformed.link as line on concat('S|', s.batch, '|', s.name, '|', s.former_school_code) = line.identity
    where coalesce(link.person_id, line.person_id) is not null
),

candidate as (
    select person_id, 'listed' as opened_by, 1 as rank, issued_on, verify_by
    from listed
    where listed_in = $period
    union all
    select a.person_id, 'absent' as opened_by, 4 as rank, null as issued_on, null as verify_by
    from compared.absent as a
    inner join conformed.enrolment as e on a.person_id = e.person_id
    where e.age < 15
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
    -- a 休学 record that has passed its end, the last renewal counted
    select s.person_id, 'leave_ended' as opened_by, 7 as rank, null as issued_on, null as verify_by
    from conformed.statement as s
    inner join conformed.enrolment as e on s.person_id = e.person_id
    where s.says = '休学' and e.registry_status = '休学'
    group by s.person_id
    having max(s.holds_until) < $as_of
),

first_feedback as (
    select person_id, min(said_on) as said_on
    from conformed.statement
    where learned_in = $period and statement_kind in ('verification', 'persuasion')
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
from validated.earlier_opening
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
