-- One row per statement that rules on a case: the state it brings (contract §6).
with remembered as (
    -- a closing that needs no second person any more ends the story: what comes later is another case
    select *, coalesce(dropout_state, case when is_closing and not needs_review then '已销号' end) as mark
    from conformed.weighed
    union all by name
    select person_id, turned_on as said_on, 0 as unit_rank, turned_in as learned_in, 'turning' as statement_kind, turn as says,
        state as mark, false as at_school
    from conformed.turned
),

marked as (
    select
        *,
        last_value(mark ignore nulls) over (
            partition by person_id order by said_on, unit_rank, learned_in, statement_kind desc, says desc
            rows between unbounded preceding and 1 preceding
        ) as mark_before
    from remembered
),

judged as (
    select
        *,
        coalesce(last_value(case when at_school and mark_before <> '已销号' then '复学跟踪' else mark end ignore nulls) over (
            partition by person_id order by said_on, unit_rank, learned_in, statement_kind desc, says desc
            rows between unbounded preceding and 1 preceding
        ), '已销号') as dropout_before,
        needs_review and dropout_before <> '已销号' as waits
    from marked
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
        when at_school and dropout_before <> '已销号' then '复学跟踪'
        when not is_proved then '待补佐证'
        when is_watched or is_moving
            then case when holds_until < $as_of then '待核实' when is_watched then '在册跟踪' else '外地就读待转学' end
        when waits then dropout_before
        else '已销号'
    end as state,
    case
        when statement_kind = 'movement' and says = '外地就读有学籍' then '转学办结'
        when says = '外地就读有学籍' and had_record and not has_record then '转学办结'
        when made_on is not null then '转学办结'
        when says = '复学' then '在校就读'
        else says
    end as closed_as,
    case when is_dropout then said_on end as confirmed_on,
    waits as waits_for_review,
    holds_until,
    least(coalesce(returned_on, said_on), $as_of) as returned_on,
    -- a record made or moved since closes on the last day of the snapshot that shows it
    greatest(said_on, made_on, gone_on, case when reviewed_on <= $as_of then reviewed_on end) as settled_on,
    case_no
from judged
where statement_kind <> 'turning'
