-- One row per case on the suspected or dropout ledger at the start, or added in the period.
-- Rules page: closing_rate.md.
select
    person_id,
    township,
    village,
    school_code,
    stage,
    is_closed as in_numerator,
    null::boolean as in_low,
    null::boolean as in_high
from indicators.case_child
-- 在册跟踪 is neither ledger: what closes from there is not counted
where is_active and (was_on_ledger or is_on_ledger or (is_new and is_closed))
