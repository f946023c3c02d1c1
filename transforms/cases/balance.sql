-- One row per ledger: opening + added - closed = closing (contract §6).
with ledger as (
    select unnest(['school_age', 'suspected', 'dropout', 'tracked']) as ledger
),

moved as (
    select
        coalesce(now.ledger, was.ledger) as ledger,
        coalesce(now.child_key, was.child_key) as child_key,
        was.child_key is not null as was_on,
        now.child_key is not null as is_on
    from cases.member as now
    full join validated.earlier_member as was on now.ledger = was.ledger and now.child_key = was.child_key
),

-- opened and closed within the period: on the ledger at neither end, yet added to it and taken off it
passed as (
    select distinct 'suspected' as ledger, child_key
    from cases.standing
    where opened_in = $period and state = '已销号'
),

compared_with_before as (
    select ledger, was_on, is_on, false as has_passed from moved
    union all
    select p.ledger, false as was_on, false as is_on, true as has_passed
    from passed as p
    anti join moved as m on p.ledger = m.ledger and p.child_key = m.child_key
)

select
    $period as period,
    $version::integer as version,
    l.ledger,
    count(*) filter (where b.was_on)::integer as opening,
    count(*) filter (where b.has_passed or (b.is_on and not b.was_on))::integer as added,
    count(*) filter (where b.has_passed or (b.was_on and not b.is_on))::integer as closed,
    count(*) filter (where b.is_on)::integer as closing
from ledger as l
left join compared_with_before as b on l.ledger = b.ledger
group by l.ledger
