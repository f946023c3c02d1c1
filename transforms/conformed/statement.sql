-- One row per conclusion about a person: a verification, a visit, a movement. Dated on or before `as_of` (contract §1).
with heard as (
    select
        coalesce(link.person_id, person.person_id) as person_id, v.verification_result as says, v.verified_on as said_on,
        v.verifying_unit as unit, v.period as learned_in, 'verification' as statement_kind,
        case
            when v.verification_result in ('外地就读有学籍') then v.school_attended is not null
                and (v.evidence is not null or v.registry_number_elsewhere is not null)
            when v.verification_result in ('外地就读无学籍', '中职就读') then v.school_attended is not null
            when v.verification_result in ('超龄', '失学', '确认辍学', '失联', '其他') then true
            else v.evidence is not null or v.registry_number_elsewhere is not null
        end as has_evidence,
        v.verification_result = '确认辍学' as is_dropout, v.ends_on, v.reviewer is not null as is_reviewed, v.file_id
    from validated.verification as v
    left join conformed.link as link on v.identity = link.identity
    left join validated.earlier_opening as opening on v.case_no = opening.case_no
    left join conformed.person as person on opening.child_key = person.child_key
    union all
    select
        coalesce(link.person_id, person.person_id) as person_id,
        case
            when v.visit_result in ('已复学', '失联') then v.visit_result
            when v.dropped_out_on is not null then '确认辍学'
            else v.visit_result
        end as says,
        v.visited_on as said_on, v.visiting_unit as unit, v.period as learned_in, 'persuasion' as statement_kind,
        true as has_evidence, v.dropped_out_on is not null as is_dropout, null as ends_on, false as is_reviewed, v.file_id
    from validated.persuasion as v
    left join conformed.link as link on v.identity = link.identity
    left join validated.earlier_opening as opening on v.case_no = opening.case_no
    left join conformed.person as person on opening.child_key = person.child_key
    union all
    select
        link.person_id,
        case m.movement_type
            when '转出' then '外地就读有学籍' when '出国' then '出国(境)' when '转入中职' then '中职就读'
            else m.movement_type
        end as says,
        m.moved_on as said_on, '教委' as unit, m.period as learned_in, 'movement' as statement_kind,
        true as has_evidence, false as is_dropout, m.ends_on, true as is_reviewed, m.file_id
    from validated.movement as m
    inner join conformed.link as link on m.identity = link.identity
    left join conformed.school as inside on m.to_school_code = inside.school_code
    where
        coalesce(m.movement_state, '已办结') = '已办结'
        and m.movement_type in ('转出', '死亡', '出国', '休学', '转入中职', '转入', '复学')
        and (
            m.movement_type <> '转出'
            or (coalesce(m.to_school_code, m.to_school_name, m.to_area_code) is not null and inside.school_code is null)
        )
),

placed as (
    select
        *,
        case
            when regexp_matches(unit, '教委|教育局|教育') then '教委'
            when regexp_matches(unit, '学校|小学|中学|校') then '学校'
            when regexp_matches(unit, '公安|派出所') then '公安'
            when regexp_matches(unit, '村|社区|居委') then '村社'
            when regexp_matches(unit, '镇|街道|乡') then '镇街'
            else '其他'
        end as said_by,
        last_day(make_date(substr(learned_in, 1, 4)::integer, substr(learned_in, 7, 1)::integer * 2, 1)) as learned_by,
        year(said_on) - case when month(said_on) < 9 then 1 else 0 end as said_year
    from heard
    where person_id is not null and said_on <= $as_of
),

timed as (
    select
        *,
        case
            when says in ('外地就读有学籍', '外地就读无学籍', '出国(境)') then make_date(said_year + 1, 12, 31)
            when says in ('休学', '延缓入学', '送教上门', '中职就读') then coalesce(ends_on, (said_on + interval 1 year)::date)
            when says = '在校就读'
                then greatest(learned_by, last_day(said_on + to_months(((month(said_on) % 2))::integer)))
            when says in ('死亡', '户籍迁出', '户籍或证件错误', '重复信息', '已毕业', '超龄') then date '9999-12-31'
        end as holds_until
    from placed
)

select distinct
    person_id,
    says,
    said_on,
    said_by,
    case said_by when '教委' then 4 when '公安' then 3 when '镇街' then 3 when '村社' then 2 when '学校' then 1 else 0
    end as unit_rank,
    learned_in,
    statement_kind,
    has_evidence,
    is_reviewed,
    is_dropout,
    holds_until::date as holds_until,
    coalesce(holds_until >= learned_by, true) as held_when_learned,
    file_id as source_file_id
from timed
