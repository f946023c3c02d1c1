-- One row per comparison: whether the register it needs was ever delivered. Without it nothing is found: 未报送, not 0.
with delivered as (
    select 'attendance' as extract, count(*) > 0 as is_there from validated.attendance
    union all
    select 'absentee' as extract, count(*) > 0 as is_there from validated.absentee
    union all
    select 'monitored' as extract, count(*) > 0 as is_there from validated.monitored
    union all
    select 'disabled' as extract, count(*) > 0 as is_there from validated.disabled
    union all
    select 'care' as extract, count(*) > 0 as is_there from validated.care
    union all
    select 'suspect' as extract, count(*) > 0 as is_there from validated.suspect
    union all
    select 'vocational' as extract, count(*) > 0 as is_there from validated.vocational
    union all
    select 'movement' as extract, count(*) > 0 as is_there from validated.movement
    union all
    select 'aid' as extract, count(*) > 0 as is_there from validated.aid
    union all
    -- a list with a heading and no row was delivered too
    select extract, true as is_there from validated.file where extract is not null and is_unanswered is not true
),

needed as (
    -- one of several is enough; a comparison that is not named here needs only what every run requires
    select *
    from (
        values
        ('no_registry', 'attendance'), ('no_registry', 'absentee'), ('monitored_out', 'monitored'),
        ('boarding_unmet', 'monitored'), ('disabled_out', 'disabled'), ('unguarded', 'care'), ('listed', 'suspect'),
        ('to_vocational', 'vocational'), ('to_vocational', 'movement'), ('unaided', 'aid'),
        ('long_leave', 'attendance'), ('long_leave', 'absentee')
    ) as need (comparison, extract) -- noqa: AL05
)

select n.comparison, coalesce(bool_or(d.is_there), false) as reported
from needed as n
left join delivered as d on n.extract = d.extract
group by n.comparison
union all
select unnest(
    ['unenrolled', 'absent', 'duplicate_registry', 'no_household', 'name_mismatch', 'elsewhere', 'migrant_out',
        'silent_school', 'unaccounted', 'transition_gap']
) as comparison, true as reported
