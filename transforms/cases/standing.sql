-- One row per case: the state that its last word brings, and what closes or lapses by itself.
with doubled_before as (
    -- what an earlier period closed as the same child twice; the other case may have closed since
    select case_no, changed_in, changed_on
    from validated.earlier_change
    qualify row_number() over (partition by case_no order by changed_in desc, nth desc) = 1 and closed_as = '重复信息'
),

judged as (
    select
        o.*, p.person_id, w.learned_in, w.says, w.said_on, w.state, w.closed_as, w.settled_on, w.holds_until,
        coalesce(w.waits_for_review, false) as waits_for_review, w.confirmed_on, w.returned_on,
        coalesce(w.relapses, 0) as relapses, w.relapsed_from, coalesce(w.is_back, false) as is_back,
        last_day_of(done.first_period) as completed_on,
        over_age_on(p.birth_date) as over_age_on,
        evidence_due.day as evidence_due,
        -- two persons who proved to be one: the later case goes on, the others are the same child twice
        row_number() over (
            partition by p.person_id order by coalesce(w.state, '待核实') = '已销号', o.opened_in desc, o.case_no desc
        ) > 1 as is_doubled_now,
        coalesce(coalesce(w.learned_in, '') <= twice.changed_in, false) as was_doubled,
        is_doubled_now or was_doubled as is_doubled,
        coalesce(twice.changed_on, max(o.opened_on) over (partition by p.person_id)) as doubled_on
    from cases.opening as o
    inner join conformed.person as p on o.child_key = p.child_key
    left join cases.last_word as w on o.case_no = w.case_no
    left join doubled_before as twice on o.case_no = twice.case_no
    left join conformed.completion as done on p.person_id = done.person_id and done.completed_grade = 9
    asof left join validated.working_day as said on w.said_on >= said.day
    left join validated.working_day as evidence_due on said.seq + $evidence_working_days = evidence_due.seq
),

settled as (
    select
        *,
        -- from any open state completion and over-age close by themselves (contract §6)
        coalesce(state, '待核实') <> '已销号'
        and (completed_on is not null or coalesce(over_age_on <= $as_of, false) or is_doubled) as closes_itself,
        -- the papers of the period ask for the evidence first; it lapses in the period after
        coalesce(state = '待补佐证' and evidence_due < $as_of and learned_in < $period, false) as evidence_lapsed
    from judged
)

select
    case_no, person_id, child_key, opened_in, opened_on, opened_by,
    case
        when closes_itself then '已销号' when evidence_lapsed then '待核实' else coalesce(state, '待核实')
    end as state,
    says,
    said_on,
    case
        when state = '已销号' then greatest(settled_on, opened_on)
        when closes_itself and was_doubled then doubled_on
        when closes_itself and completed_on is not null then greatest(completed_on, opened_on)
        when closes_itself and over_age_on <= $as_of then greatest(over_age_on, opened_on)
        when closes_itself then doubled_on
    end as closed_on,
    case
        when state = '已销号' then closed_as
        when closes_itself and was_doubled then '重复信息'
        when closes_itself and completed_on is not null then '已毕业'
        when closes_itself and over_age_on <= $as_of then '超龄'
        when closes_itself then '重复信息'
    end as closed_as,
    confirmed_on,
    returned_on,
    relapses,
    relapsed_from,
    is_back,
    waits_for_review and not closes_itself as waits_for_review,
    evidence_lapsed,
    case when state = '待补佐证' then evidence_due end as evidence_due,
    verify_by,
    holds_until
from settled
