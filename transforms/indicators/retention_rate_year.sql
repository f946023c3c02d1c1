-- One row per expected pupil of the school year. Rules page: retention_rate_year.md.
select
    person_id,
    school_code,
    stage,
    grade,
    not is_lost as in_numerator,
    not is_lost and not unresolved as in_low,
    not is_lost or unresolved as in_high
from indicators.membership
where left_as is null
