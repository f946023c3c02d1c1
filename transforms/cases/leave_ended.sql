-- One row per 休学 record that has passed its end, the last renewal counted; without a given end, `tracked_months` after it was first seen.
with suspended as (
    select person_id from conformed.enrolment where registry_status = '休学'
),

said as (
    select person_id, max(holds_until) as ends_on
    from conformed.statement
    where says = '休学'
    group by person_id
),

seen as (
    select person_id, min(period) as period
    from conformed.record
    where registry_status = '休学'
    group by person_id
)

select s.person_id
from suspended as s
inner join seen on s.person_id = seen.person_id
left join said on s.person_id = said.person_id
where
    coalesce(
        said.ends_on,
        last_day(last_day_of(seen.period) + to_months($tracked_months::integer))
    ) < $as_of
