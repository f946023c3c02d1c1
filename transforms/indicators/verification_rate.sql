-- One row per case opened or carried in the period whose verification was due by the issue date.
-- Rules page: verification_rate.md.
select
    person_id,
    township,
    village,
    school_code,
    stage,
    verified_on is not null as in_numerator,
    null::boolean as in_low,
    null::boolean as in_high
from indicators.case_child
where is_active and verify_due <= $issued
