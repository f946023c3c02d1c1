-- One row per person whose last conclusion still holds at `as_of` and says where the child is (contract §5).
with deciding as (
    -- a visit that only reports "not back yet" decides nothing
    select *
    from conformed.statement
    where says not in ('未返校', '承诺复学')
),

last_word as (
    select *
    from deciding
    qualify row_number() over (
        partition by person_id order by said_on desc, unit_rank desc, learned_in desc, statement_kind, says
    ) = 1
),

holding as (
    select w.person_id, w.says, w.said_on, w.holds_until
    from last_word as w
    left join conformed.enrolment as e on w.person_id = e.person_id
    where w.holds_until >= $as_of and (w.has_evidence or (w.says = '在校就读' and e.person_id is not null))
),

between_schools as (
    -- a pupil who finished grade 6 this year waits for a junior school until 31 August
    select done.person_id, '待升学' as says, null as said_on, make_date($school_year::integer + 1, 8, 31) as holds_until
    from conformed.completion as done
    anti join conformed.enrolment as e on done.person_id = e.person_id
    anti join holding as h on done.person_id = h.person_id
    where done.completed_grade = 6 and done.first_period > $school_year::varchar || '-B6' and month($as_of) < 9
)

select
    person_id,
    says as explanation,
    said_on,
    holds_until,
    says in ('外地就读有学籍', '外地就读无学籍', '出国(境)')
    and year(holds_until) = $school_year
    and month($as_of) >= 9 as on_review_list
from (select * from holding union all select * from between_schools)
