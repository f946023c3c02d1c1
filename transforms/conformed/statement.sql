-- One row per conclusion about a person: a verification, a visit, a movement. Dated on or before `as_of` (contract §1).
-- A row that comes again says nothing new: it counts from the period it first came in.
with placed as (
    select
        * exclude (said_by),
        case
            when regexp_matches(said_by, '教委|教育局|教育') then '教委'
            when regexp_matches(said_by, '学校|小学|中学|校') then '学校'
            when regexp_matches(said_by, '公安|派出所') then '公安'
            when regexp_matches(said_by, '村|社区|居委') then '村社'
            when regexp_matches(said_by, '镇|街道|乡') then '镇街'
            else '其他'
        end as said_by,
        year(said_on) - case when month(said_on) < 9 then 1 else 0 end as said_year
    from conformed.heard
    where said_on <= $as_of
),

first_told as (
    select * exclude (learned_in, source_file_id, case_no), min(learned_in) as learned_in,
        arg_min(source_file_id, learned_in || source_file_id) as source_file_id, max(case_no) as case_no
    from placed
    group by all
),

dated as (
    select
        *,
        last_day_of(learned_in) as learned_by,
        case said_by when '教委' then 4 when '公安' then 3 when '镇街' then 3 when '村社' then 2 when '学校' then 1 else 0
        end as unit_rank
    from first_told
),

timed as (
    select
        *,
        case
            when says in ('外地就读有学籍', '外地就读无学籍', '出国(境)') then make_date(said_year + 1, 12, 31)
            when says in ('休学', '延缓入学', '送教上门', '中职就读') then coalesce(ends_on, (said_on + to_months($tracked_months::integer))::date)
            when says = '在校就读'
                then greatest(learned_by, last_day(said_on + to_months(((month(said_on) % 2))::integer)))
            when says in ('死亡', '户籍迁出', '户籍或证件错误', '重复信息', '已毕业', '超龄') then date '9999-12-31'
        end::date as holds_until
    from dated
)

select
    person_id,
    says,
    said_on,
    min(said_by) as said_by,
    unit_rank,
    learned_in,
    statement_kind,
    bool_or(has_evidence) as has_evidence,
    bool_or(is_reviewed) as is_reviewed,
    bool_or(is_dropout) as is_dropout,
    max(holds_until) as holds_until,
    bool_or(coalesce(holds_until >= learned_by, true)) as held_when_learned,
    min(source_file_id) as source_file_id,
    max(case_no) as case_no,
    min(returned_on) as returned_on,
    max(reviewed_on) as reviewed_on
from timed
group by person_id, says, said_on, unit_rank, learned_in, statement_kind
