-- One row per row of feedback, visit or movement about a person we know: what it says and whether its evidence is there.
with case_person as (
    select o.case_no, p.person_id
    from conformed.kept_opening as o
    inner join conformed.person as p on o.child_key = p.child_key
),

verified as (
    select
        -- a case number is surer than a name or a faulty id
        case when link.matched_by = 'id' then link.person_id else coalesce(c.person_id, link.person_id) end as person_id,
        v.verification_result as says, v.verified_on as said_on, v.verifying_unit as unit, v.period,
        'verification' as statement_kind,
        case
            when v.verification_result = '外地就读有学籍' then v.school_attended is not null
                and (v.evidence is not null or v.registry_number_elsewhere is not null)
            when v.verification_result in ('外地就读无学籍', '中职就读') then v.school_attended is not null
            when v.verification_result in ('超龄', '失学', '确认辍学', '失联', '其他') then true
            else v.evidence is not null or v.registry_number_elsewhere is not null
        end as has_evidence,
        v.verification_result = '确认辍学' as is_dropout, v.ends_on, v.reviewer is not null as is_reviewed, v.file_id,
        c.case_no, null::date as returned_on, case when v.reviewer is not null then v.reviewed_on end as reviewed_on
    from validated.verification as v
    left join conformed.link as link on v.identity = link.identity
    left join case_person as c on v.case_no = c.case_no
),

visited as (
    select
        case when link.matched_by = 'id' then link.person_id else coalesce(c.person_id, link.person_id) end as person_id,
        case
            when v.visit_result in ('已复学', '失联') then v.visit_result
            when v.dropped_out_on is not null then '确认辍学'
            else v.visit_result
        end as says,
        v.visited_on as said_on, v.visiting_unit as unit, v.period, 'persuasion' as statement_kind, true as has_evidence,
        v.dropped_out_on is not null as is_dropout, null as ends_on, false as is_reviewed, v.file_id,
        c.case_no, case when v.visit_result = '已复学' then v.returned_on end as returned_on, null::date as reviewed_on
    from validated.persuasion as v
    left join conformed.link as link on v.identity = link.identity
    left join case_person as c on v.case_no = c.case_no
),

inside as (
    select 'code ' || school_code as school from conformed.school
    union
    select 'name ' || school_name as school from conformed.school
),

moved as (
    -- 失踪, 退学, 其他 and 办理中 explain nothing; a move to a school of ours shows in its registry
    select
        link.person_id,
        case m.movement_type
            when '转出' then '外地就读有学籍' when '出国' then '出国(境)' when '转入中职' then '中职就读'
            else m.movement_type
        end as says,
        m.moved_on as said_on, '教委' as unit, m.period, 'movement' as statement_kind, true as has_evidence,
        false as is_dropout, m.ends_on, true as is_reviewed, m.file_id,
        null as case_no, null::date as returned_on, null::date as reviewed_on
    from validated.movement as m
    inner join conformed.link as link on m.identity = link.identity
    -- one key, the code where it is given, else the name: on either of two columns every move would be tried with every school
    anti join inside
        on case when m.movement_type = '转出' then coalesce('code ' || m.to_school_code, 'name ' || m.to_school_name) end
        = inside.school
    where
        coalesce(m.movement_state, '已办结') = '已办结'
        and m.movement_type in ('转出', '死亡', '出国', '休学', '转入中职', '转入', '复学')
        and (m.movement_type <> '转出' or coalesce(m.to_school_code, m.to_school_name, m.to_area_code) is not null)
),

told as (
    select * from verified
    union all
    select * from visited
    union all
    select * from moved
)

select
    person_id,
    says,
    said_on,
    unit as said_by,
    -- an event dated after the period it came in waits for its own (contract §1)
    greatest(period, year(said_on)::varchar || '-B' || ((month(said_on) + 1) // 2)::varchar) as learned_in,
    statement_kind,
    has_evidence,
    is_reviewed,
    is_dropout,
    ends_on,
    file_id as source_file_id,
    case_no,
    returned_on,
    reviewed_on
from told
where person_id is not null
