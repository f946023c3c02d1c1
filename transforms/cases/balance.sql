-- One row per ledger: opening + added - closed = closing (contract §6).
with ledger as (
    select unnest(['school_age', 'suspected', 'dropout', 'tracked']) as ledger
),

compared_with_before as (
    select
        coalesce(now.ledger, was.ledger) as ledger,
        was.child_key is not null as was_on,
        now.child_key is not null as is_on
    from cases.member as now
    full join validated.earlier_member as was on now.ledger = was.ledger and now.child_key = was.child_key
)

select
    $period as period,
    $version::integer as version,
    l.ledger,
    count(*) filter (where b.was_on)::integer as opening,
    count(*) filter (where b.is_on and not b.was_on)::integer as added,
    count(*) filter (where b.was_on and not b.is_on)::integer as closed,
    count(*) filter (where b.is_on)::integer as closing
from ledger as l
left join compared_with_before as b on l.ledger = b.ledger
group by l.ledger
