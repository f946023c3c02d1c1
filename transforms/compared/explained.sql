-- One row per child under suspicion: the likely cause, the nearest record and how sure we are. Rules page: likely_cause.md.
with aged as (
    select
        person_id,
        age_in(birth_date, $school_year) as age
    from conformed.person
),

seen as (
    select distinct person_id from conformed.absence where presence_status in ('在校', '请假')
    union
    select person_id from conformed.presence where state_in_month in ('在校', '请假')
),

known as (
    select
        s.*,
        e.person_id is not null as has_record,
        e.records > 1 as is_double,
        seen.person_id is not null and not s.is_absent as is_seen,
        q.person_id is not null as is_set_aside,
        coalesce(a.age >= 15, false) as is_over_age,
        sign.sign, sign.rank, sign.nearest_how, sign.confidence, n.nearest_person_id, n.is_linked, n.side_by_side,
        n.nearest_how as how_near
    from compared.suspicion as s
    left join conformed.enrolment as e on s.person_id = e.person_id
    left join seen on s.person_id = seen.person_id
    left join compared.set_aside as q on s.person_id = q.person_id
    left join aged as a on s.person_id = a.person_id
    left join compared.sign as sign on s.person_id = sign.person_id
    left join compared.nearest as n on s.person_id = n.person_id
),

judged as (
    select
        *,
        case
            when sign = '疑似辍学' then sign
            -- on a list, and sitting in a class of ours: the list's entry is at fault, not the child
            when is_listed and is_seen and is_double then '重复'
            when is_listed and is_seen and matched_by <> 'id' then '证件错误'
            when is_listed and is_seen then '数据未报送'
            when is_over_age then '超龄'
            when sign in ('迁出', '户籍迁出') then '迁出'
            when sign in ('空挂户', '户籍或证件错误') then '空挂户'
            when sign = '重复信息' then '重复'
            when sign in ('外地就读有学籍', '外地就读无学籍', '已转出')
                then case when has_record then '外地就读未转学' else '外地就读有学籍' end
            -- the roll says 在读, the classroom does not: a status that only the roll shows explains nothing
            when sign is not null and not (is_absent and rank = 3) then sign
            when is_set_aside then '数据未报送'
            else '疑似辍学'
        end as likely_cause
    from known
)

select
    person_id,
    likely_cause,
    case when likely_cause in ('证件错误', '疑似辍学') then nearest_person_id end as nearest_person_id,
    coalesce(is_linked and likely_cause in ('证件错误', '疑似辍学'), false) as is_linked,
    case
        when likely_cause = '疑似辍学' and how_near is not null and coalesce(sign, '') <> '疑似辍学' then '另有相近记录：' || how_near
        when likely_cause = '疑似辍学' and coalesce(sign, '') <> '疑似辍学' then '未找到相近记录'
        when likely_cause = '超龄' then '出生日期'
        when is_listed and is_seen and likely_cause in ('重复', '证件错误', '数据未报送') then '本区班级在校名单'
        when likely_cause = '数据未报送' then '被隔离的学籍行'
        else nearest_how
    end as nearest_how,
    case when likely_cause in ('证件错误', '疑似辍学') then side_by_side end as side_by_side,
    case
        when likely_cause in ('超龄', '证件错误') and rank is null then '高'
        when is_listed and is_seen and likely_cause in ('重复', '证件错误', '数据未报送') then '高'
        else coalesce(confidence, '低')
    end as confidence
from judged
