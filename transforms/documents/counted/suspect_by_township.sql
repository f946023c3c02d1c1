-- One row per 镇街: suspects carried over and added, what became of them, and who is still on the ledger.
with was as (
    select child_key from validated.earlier_member where ledger = 'suspected'
),

still as (
    select child_key from cases.member where ledger = 'suspected'
),

gone as (
    select child_key, state, closed_as from cases.left_ledger where ledger = 'suspected'
),

everyone as (
    select child_key from was
    union
    select child_key from still
    union
    select child_key from gone
),

placed as (
    select child_key, any_value(township) as township from conformed.place group by child_key
),

told as (
    select
        coalesce(p.township, '未定镇街') as township,
        e.child_key in (select was.child_key from was) as was_on,
        case
            when g.child_key is null then '在册'
            when g.state in ('劝返中', '失联', '复学跟踪') then '辍学'
            when g.state = '在册跟踪' then '跟踪'
            else coalesce(g.closed_as, '其他')
        end as outcome
    from everyone as e
    left join gone as g on e.child_key = g.child_key
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
