-- One row per kind of movement dated in the period: done and under way.
with told as (
    select link.person_id, m.movement_type, m.moved_on, coalesce(m.movement_state, '已办结') as movement_state
    from validated.movement as m
    inner join conformed.link as link on m.identity = link.identity
    where m.moved_on between $first_day and $as_of
    qualify row_number() over (
        partition by link.person_id, m.movement_type, m.moved_on
        order by m.period desc, m.movement_state = '办理中', m.source_row desc
    ) = 1
)

select
    movement_type,
    count(*) filter (where movement_state = '已办结') as done,
    count(*) filter (where movement_state <> '已办结') as under_way,
    count(*) as movements
from told
group by movement_type
order by movements desc, movement_type
