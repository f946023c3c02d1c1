-- One row per child who should be enrolled, less 休学 that still holds and 延缓入学. Rules page: enrolment_rate_policy.md.
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
-- leave past its end holds no more: the child is back in both (contract §5: rates take only what still holds)
left join cases.leave_ended as ended on c.person_id = ended.person_id
where (not c.is_suspended or ended.person_id is not null) and c.why <> '延缓入学'
