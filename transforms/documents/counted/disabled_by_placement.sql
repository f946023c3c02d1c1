-- One row per placement: disabled children of school age, with and without a record, and lessons given at home.
with held as (
    select * from validated.disabled
    qualify period = max(period) over (partition by township)
),

child as (
    select
        link.person_id,
        coalesce(d.placement, '未填写') as placement,
        sum(d.home_lessons) filter (where d.period = $period) as home_lessons
    from held as d
    inner join conformed.link as link on d.identity = link.identity
    -- the children of the enrolment rate beside it, no other
    inner join indicators.enrolment_rate_disabled as due on link.person_id = due.person_id
    group by link.person_id, coalesce(d.placement, '未填写')
    qualify row_number() over (partition by link.person_id order by max(d.period) desc, coalesce(d.placement, '未填写')) = 1
)

select
    c.placement,
    count(*) as children,
    count(*) filter (where e.person_id is not null) as with_record,
    count(*) filter (where e.person_id is null) as without_record,
    coalesce(sum(c.home_lessons), 0)::integer as home_lessons
from child as c
left join conformed.enrolment as e on c.person_id = e.person_id
group by c.placement
order by children desc, c.placement
