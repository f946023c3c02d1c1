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
)

select
    w.person_id,
    w.says as explanation,
    w.said_on,
    w.holds_until,
    w.says in ('外地就读有学籍', '外地就读无学籍', '出国(境)')
    and year(w.holds_until) = $school_year
    and month($as_of) >= 9 as on_review_list
from last_word as w
left join conformed.enrolment as e on w.person_id = e.person_id
where
    w.holds_until >= $as_of
    and (w.has_evidence or (w.says = '在校就读' and e.person_id is not null))
