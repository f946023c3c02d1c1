-- One row per child confirmed as dropped out since the school year's start, or carried into it.
-- Rules page: return_rate.md.
with at_start as (
    -- where each case stood when the school year began
    select case_no, arg_max(state, nth) as state
    from cases.heard
    where said_on < make_date($school_year::integer, 9, 1)
    group by case_no
),

confirmed as (
    select c.*
    from indicators.case_child as c
    left join at_start as a on c.case_no = a.case_no
    where
        c.confirmed_on is not null
        and (
            c.confirmed_on >= make_date($school_year::integer, 9, 1)
            or (
                a.state in ('劝返中', '失联', '复学跟踪')
                -- completion and over-age close without a word
                and coalesce(c.closed_on, date '9999-12-31') >= make_date($school_year::integer, 9, 1)
            )
        )
    -- a child once, by the last case
    qualify c.case_no = max(c.case_no) over (partition by c.person_id)
)

select
    person_id,
    township,
    village,
    school_code,
    stage,
    state = '复学跟踪' or (state = '已销号' and is_back and closed_as not in ('超龄', '死亡', '户籍迁出')) as in_numerator,
    null::boolean as in_low,
    null::boolean as in_high
from confirmed
where true
