-- One row per case, with everything the ledgers, lists and forms print of it. Names and numbers: the work file only.
with told as (
    select
        coalesce(c.person_id, link.person_id) as person_id, v.verified_on, v.verifying_unit, v.verification_result,
        v.school_attended, v.registry_number_elsewhere, v.evidence, v.verification_method, v.verifier, v.reviewer, v.destination, v.ends_on
    from validated.verification as v
    left join conformed.link as link on v.identity = link.identity
    left join cases.standing as c on v.case_no = c.case_no
    left join conformed.statement as word
        on coalesce(c.person_id, link.person_id) = word.person_id and v.verification_result = word.says
        and v.verified_on = word.said_on and word.statement_kind = 'verification'
    where v.verified_on <= $as_of
    -- of one day the higher unit, then the later received, as the case itself is decided (contract §6)
    qualify row_number() over (
        partition by coalesce(c.person_id, link.person_id)
        order by v.verified_on desc, word.unit_rank desc nulls last, v.period desc, v.source_row desc
    ) = 1
),

visited as (
    select
        coalesce(c.person_id, link.person_id) as person_id,
        count(distinct v.visited_on)::integer as visits,
        max(v.visited_on) as last_visit,
        max(v.dropped_out_on) as dropped_out_on,
        arg_max(v.dropout_reason, (v.visited_on, v.period, v.source_row, v.dropout_reason)) filter (where v.dropout_reason is not null) as dropout_reason,
        arg_max(v.return_placement, (v.visited_on, v.period, v.source_row, v.return_placement)) filter (where v.return_placement is not null) as return_placement,
        string_agg(distinct v.notice_title || coalesce(' ' || v.served_on::varchar, ''), '；'
            order by v.notice_title || coalesce(' ' || v.served_on::varchar, '')) as notices
    from validated.persuasion as v
    left join conformed.link as link on v.identity = link.identity
    left join cases.standing as c on v.case_no = c.case_no
    where v.visited_on <= $as_of
    group by coalesce(c.person_id, link.person_id)
),

away as (
    select person_id, min(absent_from) as absent_from, max(unexcused_run) as longest_run
    from conformed.absence where presence_status in ('无故缺勤', '离校未归') group by person_id
),

listing as (
    select
        person_id, arg_max(suspect_source, (listed_in, batch, suspect_source)) as suspect_source,
        arg_max(batch, (listed_in, batch, suspect_source)) as batch
    from conformed.listing group by person_id
)

select
    c.case_no, s.person_id, c.state, c.opened_by, c.opened_on, c.closed_on, c.closed_as, c.owner_level, c.owner_office,
    o.beside_office, c.due_on, c.overdue_working_days, c.returned_on, c.relapses, c.township, c.village, c.school_code,
    w.name, w.sex, w.birth_date, w.id_number, w.registry_number, w.guardian, w.phone, w.address,
    school.school_name, p.grade, e.class_name,
    x.likely_cause, x.confidence, x.nearest_how, x.side_by_side, near.name as nearest_name,
    near_school.school_name as nearest_school,
    t.verified_on, t.verifying_unit, t.verification_result, t.school_attended, t.registry_number_elsewhere, t.evidence,
    t.verification_method, t.verifier, t.reviewer, t.destination, t.ends_on,
    held.verification_result || '（' || held.verified_on::varchar || '核实）' as held_result,
    v.visits, v.last_visit, v.dropped_out_on, v.dropout_reason, v.return_placement, v.notices,
    a.absent_from, a.longest_run, l.suspect_source, l.batch, s.confirmed_on, s.waits_for_review, s.holds_until,
    watch.watched_until, m.person_id is not null as is_monitored, left_dropout.child_key is not null as left_dropout
from cases."case" as c
inner join cases.standing as s on c.case_no = s.case_no
inner join paper_person as w on s.person_id = w.person_id
inner join conformed.place as p on s.person_id = p.person_id
left join cases.owner as o on c.case_no = o.case_no
left join conformed.school as school on c.school_code = school.school_code
left join conformed.enrolment as e on s.person_id = e.person_id
left join compared.explained as x on s.person_id = x.person_id
left join conformed.person as near on x.nearest_person_id = near.person_id
left join conformed.enrolment as near_record on x.nearest_person_id = near_record.person_id
left join conformed.school as near_school on near_record.school_code = near_school.school_code
left join cases.opening as list_line on c.case_no = list_line.case_no
left join told as t
    on s.person_id = t.person_id and (list_line.issued_on is null or t.verified_on >= list_line.issued_on)
-- what was said before a list came out only pre-fills the proposed result
left join told as held on s.person_id = held.person_id and held.verified_on < list_line.issued_on
left join visited as v on s.person_id = v.person_id
left join away as a on s.person_id = a.person_id
left join listing as l on s.person_id = l.person_id
left join cases.observation as watch on c.case_no = watch.case_no
left join compared.monitored_out as m on s.person_id = m.person_id
left join cases.left_ledger as left_dropout
    on left_dropout.ledger = 'dropout' and left_dropout.state = '已销号' and c.case_no = left_dropout.case_no
order by c.township nulls last, c.village nulls last, c.school_code nulls last, c.case_no
