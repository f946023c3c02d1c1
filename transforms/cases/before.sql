-- One row per case opened in an earlier period: whether it was still open when this period began, or is reopened in it.
with last_word as (
    select case_no, state
    from cases.word
    where learned_in < $period or names_case
    qualify row_number() over (
        partition by case_no order by said_on desc, unit_rank desc, learned_in desc, statement_kind, says
    ) = 1
),

person_opening as (
    select o.case_no, p.person_id, p.birth_date
    from conformed.kept_opening as o
    inner join conformed.person as p on o.child_key = p.child_key
)

select
    o.case_no,
    o.person_id,
    coalesce(w.state, '待核实') <> '已销号'
    and done.person_id is null
    -- a child past school age was closed by itself (contract §6)
    and coalesce($first_day <= over_age_on(o.birth_date), true) as is_open
from person_opening as o
left join last_word as w on o.case_no = w.case_no
left join conformed.completion as done
    on o.person_id = done.person_id and done.completed_grade = 9 and done.first_period < $period
