-- One row per comparison and child found in this period.
with found as (
    select 'unenrolled' as comparison, * from compared.unenrolled
    union all by name
    select 'absent' as comparison, * from compared.absent
    union all by name
    select 'monitored_out' as comparison, * from compared.monitored_out
    union all by name
    select 'no_registry' as comparison, * from compared.no_registry
    union all by name
    select 'duplicate_registry' as comparison, * from compared.duplicate_registry
    union all by name
    select 'no_household' as comparison, * from compared.no_household
    union all by name
    select 'name_mismatch' as comparison, * from compared.name_mismatch
    union all by name
    select 'to_vocational' as comparison, * from compared.to_vocational
    union all by name
    select 'elsewhere' as comparison, * from compared.elsewhere
    union all by name
    select 'disabled_out' as comparison, * from compared.disabled_out
    union all by name
    select 'unaided' as comparison, * from compared.unaided
    union all by name
    select 'boarding_unmet' as comparison, * from compared.boarding_unmet
    union all by name
    select 'migrant_out' as comparison, * from compared.migrant_out
    union all by name
    select 'unguarded' as comparison, * from compared.unguarded
    union all by name
    select 'unaccounted' as comparison, * from compared.unaccounted
    union all by name
    select 'transition_gap' as comparison, * from compared.transition_gap
    union all by name
    select 'listed' as comparison, * from compared.listed
    union all by name
    select 'long_leave' as comparison, * from compared.long_leave
)

select
    $period as period,
    $version::integer as version,
    f.comparison,
    p.child_key,
    p.township,
    p.village,
    f.school_code,
    f.stage,
    f.grade,
    case when f.comparison in ('unenrolled', 'absent', 'unaccounted', 'transition_gap', 'listed') then x.likely_cause end
    as likely_cause,
    -- a record that linking found is a proposal, and says so
    case
        when x.is_linked and f.comparison in ('unenrolled', 'absent', 'unaccounted', 'transition_gap', 'listed') then 'linked'
        else f.matched_by
    end as matched_by,
    coalesce(h.first_seen_period, $period) as first_seen_period
from found as f
inner join conformed.place as p on f.person_id = p.person_id
left join compared.explained as x on f.person_id = x.person_id
left join validated.earlier_finding as h on f.comparison = h.comparison and p.child_key = h.child_key
