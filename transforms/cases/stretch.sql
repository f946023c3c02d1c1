-- One row per case of an earlier period and stretch of periods through which it stood as it was published: after the first, up to
-- and with the last. The state that a word met; read again with later data, the words before it could bring another.
with stood as (
    -- as it was opened, and as each period left it
    select case_no, opened_in as since, 0 as nth, '待核实' as state from conformed.kept_opening
    union all
    select case_no, changed_in as since, 1 as nth, arg_max(state, nth) as state
    from validated.earlier_change
    group by case_no, changed_in
),

stretch as (
    select
        case_no, state, since as after_period,
        coalesce(lead(since) over (partition by case_no order by since, nth), '9999') as last_period
    from stood
)

select case_no, after_period, last_period, state
from stretch
where after_period < last_period
