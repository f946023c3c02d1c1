-- One row per child who should be enrolled; 休学 counts as out until 复学.
-- Rules page: enrolment_rate_statistical.md.
select
    c.person_id,
    c.township,
    c.village,
    c.school_code,
    c.stage,
    c.is_enrolled and not c.is_suspended as in_numerator,
    (c.is_enrolled and not c.is_suspended) and not c.unresolved as in_low,
    (c.is_enrolled and not c.is_suspended) or c.unresolved as in_high
from indicators.due_child as c
