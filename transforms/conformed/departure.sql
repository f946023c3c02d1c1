-- One row per person who was live in a snapshot: the last snapshot that shows it, and the first one after without it.
with last_seen as (
    select person_id, max(period) as last_seen_in
    from conformed.record
    where is_live
    group by person_id
),

snapshot as (
    select distinct period from conformed.record
)

select l.person_id, l.last_seen_in, min(s.period) as gone_in
from last_seen as l
left join snapshot as s on s.period > l.last_seen_in
group by l.person_id, l.last_seen_in
