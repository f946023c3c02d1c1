-- One row per non-local resident child who should be enrolled. Rules page: enrolment_rate_migrant.md.
with independent as (
    -- rows that schools alone have sent are pupils already: no base of its own, so missing
    select count(*) > 0 as is_known
    from indicators.due_child
    where hukou_status = '非本区户籍常住' and roster_sources <> '学校'
)

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
cross join independent as i
where c.hukou_status = '非本区户籍常住' and i.is_known
