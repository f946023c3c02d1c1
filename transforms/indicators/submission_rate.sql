-- One row per school and month that owes a report. Rules page: submission_rate.md.
select
    'submission_rate' as indicator,
    s.township,
    null::varchar as village,
    s.school_zone,
    s.supervision_zone,
    m.school_code,
    null::varchar as stage,
    null::varchar as grade,
    null::varchar[] as population_groups,
    m.usable as in_numerator,
    true as in_denominator,
    null::boolean as in_low,
    null::boolean as in_high
from compared.school_month as m
inner join conformed.school as s on m.school_code = s.school_code
