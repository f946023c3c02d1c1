-- One row per statement that rules on a case: the state it brings (contract §6).
with spoken as (
    select
        s.*,
        e.person_id is not null as has_record,
        done.person_id is not null as has_completed,
        s.says in ('休学', '延缓入学', '送教上门', '中职就读') as is_watched,
        s.says in ('在校就读', '复学') as is_back,
        case
            when s.says in ('失学', '确认辍学') then '劝返中'
            when s.says = '失联' then '失联'
            when s.says = '已复学' then '复学跟踪'
        end as dropout_state
    from conformed.statement as s
    left join conformed.enrolment as e on s.person_id = e.person_id
    left join conformed.completion as done on s.person_id = done.person_id and done.completed_grade = 9
    where s.says not in ('未返校', '承诺复学', '转入') and s.held_when_learned
),

remembered as (
    -- a closing that a second person signed ends the story: what comes later is another case
    select
        *,
        coalesce(dropout_state, case when is_reviewed and not is_watched and not is_back and says <> '其他' then '已销号' end)
        as mark
    from spoken
),

after as (
    select
        *,
        coalesce(last_value(mark ignore nulls) over (
            partition by person_id order by said_on, unit_rank, learned_in, statement_kind, says
            rows between unbounded preceding and 1 preceding
        ), '已销号') as dropout_before
    from remembered
)

select
    person_id,
    learned_in,
    said_on,
    unit_rank,
    statement_kind,
    says,
    case
        when dropout_state is not null then dropout_state
        when says = '其他' then '待核实'
        when is_back and dropout_before <> '已销号' then '复学跟踪'
        when not has_evidence and not (is_back and has_record) and not (says = '已毕业' and has_completed) then '待补佐证'
        when is_watched then case when holds_until < $as_of then '待核实' else '在册跟踪' end
        when says = '外地就读无学籍' or (says = '外地就读有学籍' and has_record)
            then case when holds_until < $as_of then '待核实' else '外地就读待转学' end
        -- a former dropout's or lost child's closing waits for a second person (contract §6: 拟销号名单)
        when dropout_before <> '已销号' and says <> '超龄' and not is_reviewed then dropout_before
        else '已销号'
    end as state,
    case
        when statement_kind = 'movement' and says = '外地就读有学籍' then '转学办结'
        when says = '复学' then '在校就读'
        else says
    end as closed_as,
    case when is_dropout then said_on end as confirmed_on
from after
