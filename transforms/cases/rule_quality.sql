-- One row per comparison and likely cause: of what it proposed this school year, what verification confirmed or refuted.
with judged as (
    -- the comparison as a whole: was it right that something is wrong with this child?
    select comparison, 'all' as likely_cause, is_confirmed as is_right
    from cases.proposal
    union all
    -- the cause: was it the one that verification found?
    select comparison, likely_cause, cause_confirmed as is_right
    from cases.proposal
    where likely_cause is not null
),

counted as (
    select
        comparison,
        likely_cause,
        count(*)::integer as proposed,
        count(*) filter (where is_right)::integer as confirmed,
        count(*) filter (where not is_right)::integer as refuted,
        count(*) filter (where is_right is null)::integer as still_open
    from judged
    group by comparison, likely_cause
)

select
    $period as period,
    $version::integer as version,
    comparison,
    likely_cause,
    proposed,
    confirmed,
    refuted,
    still_open,
    case when confirmed + refuted > 0 then confirmed / (confirmed + refuted) end as precision
from counted
