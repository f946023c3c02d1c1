-- One row per thing that happened to a child with a file of its own: kind, day and what each kind prints, in order.
with visit as (
    select distinct
        coalesce(c.person_id, link.person_id) as person_id, v.visited_on, v.visiting_unit, v.visitor, v.visit_method,
        nullif(concat_ws(' ', v.notice_title, v.notice_number), '') as notice, v.served_on, v.dropout_reason, v.visit_result,
        v.returned_on, v.return_placement, v.note
    from validated.persuasion as v
    left join conformed.link as link on v.identity = link.identity
    left join cases.standing as c on v.case_no = c.case_no
    where v.visited_on <= $as_of
),

said as (
    select distinct
        coalesce(c.person_id, link.person_id) as person_id, v.verified_on, v.verifying_unit, v.verification_result,
        nullif(concat_ws('，', v.school_attended, v.registry_number_elsewhere, v.destination), '') as whereabouts, v.evidence,
        v.verification_method, v.verifier, v.reviewer
    from validated.verification as v
    left join conformed.link as link on v.identity = link.identity
    left join cases.standing as c on v.case_no = c.case_no
    where v.verified_on <= $as_of
),

paid as (
    select link.person_id, a.paid_on, a.aid_item, a.amount
    from validated.aid as a inner join conformed.link as link on a.identity = link.identity
    where a.paid_on between $year_start and $as_of
),

told as (
    select
        person_id, '劝返' as kind, visited_on as happened_on, null as month,
        [visiting_unit, visitor, visit_method, notice, dropout_reason, visit_result, return_placement, note] as words
    from visit
    union all
    select
        person_id, '核实' as kind, verified_on as happened_on, null as month,
        [verifying_unit, verification_result, whereabouts, evidence, verification_method, verifier, reviewer] as words
    from said
    union all
    select
        s.person_id, '经过' as kind, e.happened_on, null as month,
        [e.case_no, e.event, e.office_kind, e.learned_in_period, e.seq::varchar] as words
    from cases.event as e inner join cases.standing as s on e.case_no = s.case_no
    union all
    select
        p.person_id, '在校' as kind, a.absent_from as happened_on, p.month,
        [p.state_in_month, p.unexcused_run::varchar] as words
    from conformed.presence as p
    left join conformed.absence as a on p.person_id = a.person_id and p.month = a.month and p.school_code = a.school_code
    union all
    select
        r.person_id, '学籍' as kind, null as happened_on, r.period as month,
        [school.school_name, r.grade, r.class_name, r.registry_status] as words
    from conformed.record as r left join conformed.school as school on r.school_code = school.school_code
    where r.is_chosen
    union all
    select person_id, '资助' as kind, paid_on as happened_on, null as month, [aid_item, amount::varchar] as words
    from paid
)

select t.person_id, t.kind, t.happened_on, t.month, t.words
from told as t inner join paper_subject as s on t.person_id = s.person_id
order by t.person_id, t.kind, t.month nulls first, t.happened_on nulls first, t.words
