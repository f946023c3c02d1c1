-- One row per child confirmed as dropped out since the school year's start, or carried into it.
-- Rules page: return_rate.md.
with confirmed as (
    select c.*
    from indicators.case_child as c
    where
        c.confirmed_on is not null
        and (
            c.confirmed_on >= make_date($school_year::integer, 9, 1)
            or (
                coalesce(c.returned_on, date '9999-12-31') >= make_date($school_year::integer, 9, 1)
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
    state = '复学跟踪' or (state = '已销号' and coalesce(returned_on >= confirmed_on, false)) as in_numerator,
    null::boolean as in_low,
    null::boolean as in_high
from confirmed
where true
