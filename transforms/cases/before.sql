-- One row per case opened in an earlier period: whether it was still open when this period began, or is reopened in it.
with spoken_now as (
    select distinct case_no from cases.word where learned_in = $period
),

last_word as (
    select
        w.case_no,
        w.learned_in,
        -- where something else is said of the child now, what only this period's registers prove was not proved yet
        case when w.learned_in < $period and n.case_no is not null then s.state else w.state end as state
    from cases.word as w
    left join spoken_now as n on w.case_no = n.case_no
    left join cases.stretch as s on w.case_no = s.case_no and s.last_period = '9999'
    where w.learned_in < $period or w.names_case
    qualify row_number() over (
        partition by w.case_no order by w.said_on desc, w.unit_rank desc, w.learned_in desc, w.statement_kind, w.says
    ) = 1
),

doubled_before as (
    select case_no, changed_in
    from validated.earlier_change
    qualify row_number() over (partition by case_no order by changed_in desc, nth desc) = 1 and closed_as = '重复信息'
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
    -- the same child twice: the other case goes on
    and not coalesce(coalesce(w.learned_in, '') <= twice.changed_in, false)
    -- a child past school age was closed by itself (contract §6)
    and coalesce($first_day <= over_age_on(o.birth_date), true) as is_open
from person_opening as o
left join last_word as w on o.case_no = w.case_no
left join doubled_before as twice on o.case_no = twice.case_no
left join conformed.completion as done
    on o.person_id = done.person_id and done.completed_grade = 9 and done.first_period < $period
