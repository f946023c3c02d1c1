-- One row per child whom an indicator counts, or who is of school age in the 底册: which denominators and numerators it
-- stands in, and where it is.
-- Kept with every version, so that a change of a figure leads to the children behind it.
with numbered as (
    select indicator, 1::bigint << (row_number() over (order by indicator) - 1)::integer as bit
    from validated.indicator
),

marked as (
    -- sets as bits: a million rows are grouped once, and only the few hundred different sets are spelled
    select
        u.person_id,
        bit_or(i.bit) as denominator_bits,
        bit_or(case when u.n > 0 then i.bit else 0::bigint end) as numerator_bits
    from indicators.unit as u
    inner join numbered as i on u.indicator = i.indicator
    where u.person_id is not null and u.d > 0
    group by u.person_id
),

sets as (
    select denominator_bits as bits from marked
    union
    select numerator_bits as bits from marked
),

spelled as (
    select s.bits, coalesce(string_agg(i.indicator, ';' order by i.indicator), '') as indicators
    from sets as s
    left join numbered as i on (s.bits & i.bit) <> 0::bigint
    group by s.bits
),

beside as (
    -- counted, and no child of school age in the 底册: a pupil from outside it, or past school age
    select
        m.person_id,
        case
            when e.person_id is not null then '本区在籍'
            when done.person_id is not null then '初中已毕业'
            else coalesce(x.explanation, case when q.person_id is not null then '数据隔离' else '不在籍' end)
        end as why
    from marked as m
    anti join compared.standing as s on m.person_id = s.person_id
    left join conformed.enrolment as e on m.person_id = e.person_id
    left join conformed.completion as done on m.person_id = done.person_id and done.completed_grade = 9
    left join conformed.explanation as x on m.person_id = x.person_id
    left join compared.set_aside as q on m.person_id = q.person_id
)

select
    $period as period,
    $version::integer as version,
    p.child_key,
    coalesce(d.indicators, '') as denominators,
    coalesce(n.indicators, '') as numerators,
    coalesce(s.why, b.why) as why
from marked as m
inner join spelled as d on m.denominator_bits = d.bits
inner join spelled as n on m.numerator_bits = n.bits
full join compared.standing as s on m.person_id = s.person_id
left join beside as b on m.person_id = b.person_id
inner join conformed.person as p on coalesce(m.person_id, s.person_id) = p.person_id
