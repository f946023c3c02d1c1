-- One row per child whom an indicator counts, or who is of school age in the 底册: which denominators and numerators it
-- stands in, and where it is.
-- Kept with every version, so that a change of a figure leads to the children behind it.
with unit as (
    select u.person_id, u.indicator, max(u.n) > 0 as in_numerator
    from indicators.unit as u
    where u.person_id is not null and u.d > 0
    group by u.person_id, u.indicator
),

joined as (
    select
        person_id,
        string_agg(indicator, ';' order by indicator) as denominators,
        string_agg(indicator, ';' order by indicator) filter (where in_numerator) as numerators
    from unit
    group by person_id
)

select
    $period as period,
    $version::integer as version,
    p.child_key,
    coalesce(j.denominators, '') as denominators,
    coalesce(j.numerators, '') as numerators,
    s.why
from joined as j
full join compared.standing as s on j.person_id = s.person_id
inner join conformed.person as p on coalesce(j.person_id, s.person_id) = p.person_id
