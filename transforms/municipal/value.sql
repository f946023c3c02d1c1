-- One row per period, district and cell of the whole district; and one for all of them, the sum of those that have a figure.
-- A bound is a count again before it is summed: bounds of rates do not add.
with told as (
    select
        period, district, indicator, stage, grade, population_group, numerator, denominator,
        round(rate_low * denominator) as low, round(rate_high * denominator) as high
    from district_value
),

whole as (
    select
        period, '全市' as district, indicator, stage, grade, population_group,
        sum(numerator)::bigint as numerator, sum(denominator)::bigint as denominator,
        -- a district without a bound leaves the sum without one
        case when count(low) = count(numerator) then sum(low) end as low,
        case when count(high) = count(numerator) then sum(high) end as high,
        count(numerator)::integer as districts
    from told
    group by period, indicator, stage, grade, population_group
),

every as (
    select *, (numerator is not null)::integer as districts from told
    union all by name
    select * from whole
)

select
    period, district, indicator, stage, grade, population_group, numerator, denominator,
    case when denominator > 0 then numerator / denominator end as rate,
    case when denominator > 0 then low / denominator end as rate_low,
    case when denominator > 0 then high / denominator end as rate_high,
    districts
from every
