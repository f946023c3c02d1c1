-- One row per live record whose child, or whose 学籍号, stands more than once: 删除 or 佐证, 变更 (教基一厅〔2015〕2号).
-- 删除 only where the child sits in class at another school and no case doubts it: never for a dropout.
with doubted as (
    select person_id from cases.standing where state <> '已销号' or confirmed_on is not null
),

seated as (
    -- in class in the last month that owed attendance
    select person_id
    from conformed.presence
    qualify state_in_month = '在校' and month = max(month) over ()
),

live as (
    select r.*, school.school_name, e.school_code as chosen_school,
        seated.person_id is not null as is_seated, doubted.person_id is not null as is_doubted
    from conformed.record as r
    inner join conformed.enrolment as e on r.person_id = e.person_id
    inner join conformed.school as school on r.school_code = school.school_code
    left join seated on r.person_id = seated.person_id
    left join doubted on r.person_id = doubted.person_id
    where r.period = $period and r.is_live
),

twice as (
    select
        one.person_id, one.school_code, one.registry_number, one.grade, one.class_name,
        case when one.school_code = other.school_code then '一人多籍（同校重复）' else '一人多籍' end as kind,
        string_agg(distinct other.school_name || '（' || other.registry_status || '）', '、'
            order by other.school_name || '（' || other.registry_status || '）') as beside,
        case
            when one.is_chosen or not one.is_seated or one.is_doubted or one.school_code = other.school_code then '佐证'
            else '删除'
        end as proposal,
        case
            when one.is_doubted then '该生在控辍保学台账中，不得删除学籍，先佐证去向'
            when not one.is_seated then '该生实际在何校就读未查清，由各校分别佐证'
            when one.is_chosen then '该生按月报在本校就读，由本校佐证'
            when one.school_code = other.school_code then '同校两条学籍，由本校佐证保留哪一条'
            else '该生按月报在他校就读，本校核实无此人在读后申请删除'
        end as why
    from live as one
    inner join live as other
        on one.person_id = other.person_id
        and (one.school_code <> other.school_code or one.registry_number is distinct from other.registry_number)
    inner join compared.duplicate_registry as found on one.person_id = found.person_id
    group by all
),

shared as (
    select one.person_id, one.school_code, one.registry_number, one.grade, one.class_name, '学籍号重复' as kind,
        string_agg(distinct other.school_name, '、' order by other.school_name) as beside, '变更' as proposal,
        '同一学籍号登记了不同的人，核对证件后变更' as why
    from live as one
    inner join live as other on one.registry_number = other.registry_number and one.person_id <> other.person_id
    group by all
),

found as (
    select * from twice
    union all by name
    select * from shared
)

select
    f.school_code, school.school_name, f.grade, f.class_name || '班' as class_name, w.name, w.id_number,
    coalesce(f.registry_number, w.registry_number) as registry_number, f.kind, f.beside, f.proposal, f.why, f.person_id
from found as f
inner join conformed.school as school on f.school_code = school.school_code
inner join paper_person as w on f.person_id = w.person_id
