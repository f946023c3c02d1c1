-- One row per child of junior age who should be enrolled; one still in primary school is not in.
-- Rules page: enrolment_rate_junior.md.
select
    c.person_id,
    c.township,
    c.village,
    c.school_code,
    c.stage,
    c.is_enrolled and c.why <> '待升学' and coalesce(c.record_stage, 'junior') = 'junior' as in_numerator,
    (c.is_enrolled and c.why <> '待升学' and coalesce(c.record_stage, 'junior') = 'junior')
    and not c.unresolved as in_low,
    (c.is_enrolled and c.why <> '待升学' and coalesce(c.record_stage, 'junior') = 'junior')
    or c.unresolved as in_high
from indicators.due_child as c
where c.stage = 'junior'
