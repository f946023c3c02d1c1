-- One row per child of primary age who should be enrolled. Rules page: enrolment_rate_primary.md.
select
    c.person_id,
    c.township,
    c.village,
    c.school_code,
    c.stage,
    c.is_enrolled as in_numerator,
    c.is_enrolled and not c.unresolved as in_low,
    c.is_enrolled or c.unresolved as in_high
from indicators.due_child as c
where c.stage = 'primary'
