-- One row per case: the state that its last ruling brings, and what closes by itself.
with person_opening as (
    select
        o.*,
        p.person_id,
        p.birth_date,
        coalesce(lead(o.opened_in) over (partition by p.person_id order by o.opened_in), '9999') as next_opened_in
    from cases.opening as o
    inner join conformed.person as p on o.child_key = p.child_key
),

ruled as (
    select
        o.*,
        r.state,
        r.says,
        r.closed_as,
        r.said_on,
        max(r.confirmed_on) over (partition by o.case_no) as confirmed_on,
        max(case when r.state = '复学跟踪' then r.said_on end) over (partition by o.case_no) as returned_on
    from person_opening as o
    left join cases.ruling as r
        on o.person_id = r.person_id
        and r.learned_in >= o.opened_in and r.learned_in < o.next_opened_in
        -- what was said before a list came out only pre-fills the proposed result
        and (o.issued_on is null or r.said_on >= o.issued_on)
    qualify row_number() over (
        partition by o.case_no
        order by r.said_on desc nulls last, r.unit_rank desc, r.learned_in desc, r.statement_kind, r.says
    ) = 1
),

judged as (
    select
        r.*,
        e.person_id is not null as has_record,
        done.person_id is not null as has_completed,
        last_day(make_date(substr(done.first_period, 1, 4)::integer, substr(done.first_period, 7, 1)::integer * 2, 1))
        as completed_on,
        make_date(
            year(r.birth_date)::integer + case when strftime(r.birth_date, '%m%d') > '0831' then 16 else 15 end, 9, 1
        ) as over_age_on
    from ruled as r
    left join conformed.enrolment as e on r.person_id = e.person_id
    left join conformed.completion as done on r.person_id = done.person_id and done.completed_grade = 9
)

-- from any open state completion and over-age close by themselves (contract §6)
select
    case_no,
    person_id,
    child_key,
    opened_in,
    opened_on,
    opened_by,
    case when completed_on is not null or over_age_on <= $as_of then '已销号' else coalesce(state, '待核实') end as state,
    said_on,
    case
        when state = '已销号' then said_on
        when completed_on is not null then greatest(completed_on, opened_on)
        when over_age_on <= $as_of then greatest(over_age_on, opened_on)
    end as closed_on,
    case
        when state = '已销号' then closed_as
        when completed_on is not null then '已毕业'
        when over_age_on <= $as_of then '超龄'
    end as closed_as,
    confirmed_on,
    returned_on,
    verify_by
from judged
