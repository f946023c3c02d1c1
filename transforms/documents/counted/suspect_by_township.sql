-- One row per 镇街: suspects carried over and added, what became of them, and who is still on the ledger.
with was as (
    select child_key from validated.earlier_member where ledger = 'suspected'
),

still as (
    select child_key from cases.member where ledger = 'suspected'
),

-- as in cases.balance: opened and closed within the period, on the ledger at neither end
passed as (
    select distinct child_key from cases.standing where opened_in = $period and state = '已销号'
),

everyone as (
    select
        coalesce(w.child_key, s.child_key) as child_key,
        w.child_key is not null as was_on,
        s.child_key is not null as is_on
    from was as w
    full join still as s on w.child_key = s.child_key
    union all
    select p.child_key, false as was_on, false as is_on
    from passed as p
    anti join was as w on p.child_key = w.child_key
    anti join still as s on p.child_key = s.child_key
),

-- where the child's case stands now: an open one, else the last
last_case as (
    select child_key, state, closed_as
    from cases.standing
    qualify row_number() over (partition by child_key order by state = '已销号', opened_in desc, case_no desc) = 1
),

placed as (
    select child_key, any_value(township) as township from conformed.place group by child_key
),

told as (
    select
        coalesce(p.township, '未定镇街') as township,
        e.was_on,
        case
            when e.is_on then '在册'
            when c.state in ('劝返中', '失联', '复学跟踪') then '辍学'
            when c.state = '在册跟踪' then '跟踪'
            else coalesce(c.closed_as, '其他')
        end as outcome
    from everyone as e
    left join last_case as c on e.child_key = c.child_key
    left join placed as p on e.child_key = p.child_key
)

select
    township,
    count(*) filter (where was_on) as opening,
    count(*) filter (where not was_on) as added,
    count(*) filter (where outcome = '在校就读') as in_school,
    count(*) filter (where outcome in ('外地就读有学籍', '转学办结')) as elsewhere,
    count(*) filter (where outcome in ('户籍迁出', '户籍或证件错误', '重复信息')) as register_fault,
    count(*) filter (where outcome in ('已毕业', '超龄')) as finished,
    count(*) filter (where outcome in ('死亡', '出国(境)')) as gone,
    count(*) filter (where outcome not in (
        '在校就读', '外地就读有学籍', '转学办结', '户籍迁出', '户籍或证件错误', '重复信息', '已毕业', '超龄', '死亡', '出国(境)',
        '跟踪', '辍学', '在册'
    )) as other,
    count(*) filter (where outcome = '跟踪') as tracked,
    count(*) filter (where outcome = '辍学') as dropped_out,
    count(*) filter (where outcome = '在册') as closing
from told
group by township
order by township
