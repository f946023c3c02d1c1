-- One row per school and month that owes a report. Rules page: submission_rate.md.
select
    null::integer as person_id,
    school_code,
    null::varchar as stage,
    null::varchar as grade,
    usable as in_numerator,
    null::boolean as in_low,
    null::boolean as in_high
from compared.school_month
