-- One row per case: those of earlier periods as they were opened, and this period's new ones. One open case a child.
with candidate as (
    select
        link.person_id, 'listed' as opened_by, 1 as rank, coalesce(s.issued_on, $issued) as opened_on, s.issued_on,
        s.verify_by
    from validated.suspect as s
    inner join conformed.link as link on s.identity = link.identity
    where s.period = $period
    union all
    select a.person_id, 'absent' as opened_by, 4 as rank, $issued as opened_on, null as issued_on, null as verify_by
    from compared.absent as a
    inner join conformed.enrolment as e on a.person_id = e.person_id
    where e.age < 15
    union all
    select person_id, 'unenrolled' as opened_by, 5 as rank, $issued as opened_on, null as issued_on, null as verify_by
    from compared.unenrolled
    union all
    select person_id, 'feedback' as opened_by, 6 as rank, said_on as opened_on, null as issued_on, null as verify_by
    from conformed.statement
    where
        learned_in = $period
        and (statement_kind = 'persuasion' or (statement_kind = 'verification' and says in ('失学', '确认辍学', '失联')))
    union all
    -- a 休学 record that has passed its end
    select
        s.person_id, 'leave_ended' as opened_by, 7 as rank, $issued as opened_on, null as issued_on, null as verify_by
    from conformed.statement as s
    inner join conformed.enrolment as e on s.person_id = e.person_id
    where s.says = '休学' and s.holds_until < $as_of and e.registry_status = '休学'
),

best as (
    select *
    from candidate
    qualify row_number() over (partition by person_id order by rank, opened_on, verify_by) = 1
),

new_case as (
    select b.*, p.child_key
    from best as b
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
