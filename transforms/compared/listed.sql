-- One row per child of a suspect list, until its case is closed. Rules page: listed.md.
with last_list as (
    select *
    from conformed.listing
    qualify row_number() over (
        partition by person_id order by listed_in desc, issued_on desc nulls last, batch desc nulls last
    ) = 1
),

last_word as (
    -- what was said before the list came out only pre-fills the proposed result
    select l.person_id, r.state
    from last_list as l
    inner join conformed.ruling as r
        on l.person_id = r.person_id and r.learned_in >= l.listed_in and (l.issued_on is null or r.said_on >= l.issued_on)
    qualify row_number() over (
        partition by l.person_id
        order by r.said_on desc, r.unit_rank desc, r.learned_in desc, r.statement_kind, r.says
    ) = 1
),

-- a case that ended without a word: its observation is over, in an earlier period
observed as (
    select p.person_id, max(t.turned_in) as turned_in
    from validated.earlier_turning as t
    inner join conformed.alias as p on t.child_key = p.child_key
    where t.turn = '观察期满'
    group by p.person_id
)

select l.person_id, p.school_code, p.grade, coalesce(e.stage, c.stage_by_age) as stage, l.matched_by
from last_list as l
inner join conformed.place as p on l.person_id = p.person_id
inner join conformed.person as who on l.person_id = who.person_id
left join conformed.enrolment as e on l.person_id = e.person_id
left join conformed.child as c on l.person_id = c.person_id
left join last_word as w on l.person_id = w.person_id
left join observed as o on l.person_id = o.person_id and o.turned_in >= l.listed_in
anti join conformed.completion as done on l.person_id = done.person_id and done.completed_grade = 9
where
    coalesce(w.state, '待核实') <> '已销号'
    and o.person_id is null
    -- a child past school age closes by itself (contract §6)
    and coalesce($as_of < over_age_on(who.birth_date), true)
