-- One row per case opened or carried in the period whose verification was due by the issue date.
-- Rules page: verification_on_time_rate.md.
select
    person_id,
    township,
    village,
    school_code,
    stage,
    coalesce(verified_on <= verify_due, false) as in_numerator,
    null::boolean as in_low,
    null::boolean as in_high
from indicators.case_child
where is_active and verify_due <= $issued
