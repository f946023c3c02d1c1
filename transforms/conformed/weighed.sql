-- One row per statement that may move a case: what our own registry shows of it, and whether it is proved and closes (contract §6).
with live_in as (
    select distinct person_id, period from conformed.record where is_live
),

made as (
    -- the first snapshot with a record here, of a child that had none when it was said to be elsewhere without one
    select s.person_id, s.learned_in, last_day_of(min(l.period)) as made_on
    from conformed.statement as s
    inner join live_in as l on s.person_id = l.person_id and s.learned_in <= l.period
    where s.says = '外地就读无学籍'
    group by s.person_id, s.learned_in
    having min(l.period) > s.learned_in
),

spoken as (
    select
        s.*,
        e.person_id is not null as has_record,
        -- what our own registry showed when it was said does not change with a later snapshot
        coalesce(then_live.person_id is not null, false) as had_record,
        done.person_id is not null as has_completed,
        case when s.says = '外地就读无学籍' and made.made_on <= coalesce(s.holds_until, made.made_on) then made.made_on end as made_on,
        case when s.says = '外地就读有学籍' and then_live.person_id is not null and e.person_id is null then last_day_of(d.gone_in) end
        as gone_on,
        s.says in ('休学', '延缓入学', '送教上门', '中职就读') as is_watched,
        s.says in ('在校就读', '复学') as at_school,
        case
            when s.says in ('失学', '确认辍学') then '劝返中'
            when s.says = '失联' then '失联'
            when s.says = '已复学' then '复学跟踪'
        end as dropout_state
    from conformed.statement as s
    left join conformed.enrolment as e on s.person_id = e.person_id
    left join live_in as then_live on s.person_id = then_live.person_id and s.learned_in = then_live.period
    left join made on s.person_id = made.person_id and s.learned_in = made.learned_in
    left join conformed.departure as d on s.person_id = d.person_id
    left join conformed.finished as done on s.person_id = done.person_id and done.completed_grade = 9
    where s.says not in ('未返校', '承诺复学', '转入') and s.held_when_learned
)

select
    person_id, learned_in, said_on, unit_rank, statement_kind, says, dropout_state, at_school, is_watched, has_record, had_record,
    made_on, gone_on, is_dropout, holds_until, returned_on, reviewed_on, case_no,
    has_evidence or (at_school and (has_record or had_record)) or (says = '已毕业' and has_completed) as is_proved,
    (says = '外地就读无学籍' and made_on is null) or (says = '外地就读有学籍' and has_record and had_record) as is_moving,
    dropout_state is null and says <> '其他' and is_proved and not at_school and not is_watched and not is_moving as is_closing,
    -- a former dropout's or lost child's closing waits for a second person (contract §6: 拟销号名单)
    is_closing and $closing_needs_review = 1 and says <> '超龄' and not is_reviewed as needs_review
from spoken
