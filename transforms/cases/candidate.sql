-- One row per child for whom something of this period would open a case: what does, the first in the order of contract §6.
with candidate as (
    select person_id, 'listed' as opened_by, 1 as rank, issued_on, verify_by
    from conformed.listing
    where listed_in = $period
    union all by name
    select person_id, 'transition_gap' as opened_by, 2 as rank
    from compared.transition_gap
    union all by name
    select person_id, 'unaccounted' as opened_by, 3 as rank
    from compared.unaccounted
    union all by name
    -- a pupil over school age is found but gets no case
    select a.person_id, 'absent' as opened_by, 4 as rank
    from compared.absent as a
    inner join conformed.enrolment as e on a.person_id = e.person_id
    where coalesce(e.age < 15, true)
    union all by name
    select person_id, 'unenrolled' as opened_by, 5 as rank
    from compared.unenrolled
    union all by name
    select person_id, 'feedback' as opened_by, 6 as rank
    from conformed.statement
    where
        learned_in = $period
        and (statement_kind = 'persuasion' or (statement_kind = 'verification' and says in ('失学', '确认辍学', '失联')))
    union all by name
    select person_id, 'leave_ended' as opened_by, 7 as rank
    from cases.leave_ended
),

first_told as (
    -- a rerun of the period keeps how a case was opened, while that source still names the child
    select a.person_id, arg_min(n.opened_by, n.told) as opened_by, arg_min(n.issued_on, n.told) as issued_on
    from validated.numbered_opening as n
    inner join conformed.alias as a on n.child_key = a.child_key
    group by a.person_id
)

select c.person_id, c.opened_by, c.issued_on, c.verify_by
from candidate as c
left join first_told as f on c.person_id = f.person_id
qualify row_number() over (
    partition by c.person_id
    order by
        coalesce(c.opened_by = f.opened_by, false) desc, c.rank,
        c.issued_on is not distinct from f.issued_on desc, c.issued_on, c.verify_by
) = 1
