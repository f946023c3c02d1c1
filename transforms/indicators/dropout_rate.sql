-- One row per pupil on the roll of the school year. Rules page: dropout_rate.md.
with judged as (
    select
        m.*,
        coalesce(
            p.state in ('劝返中', '失联') and p.confirmed_on >= make_date($school_year::integer, 9, 1), false
        ) as is_dropout
    from indicators.membership as m
    left join cases.person_state as p on m.person_id = p.person_id
)

select
    'dropout_rate' as indicator,
    s.township,
    null::varchar as village,
    s.school_zone,
    s.supervision_zone,
    m.school_code,
    m.stage,
    m.grade,
    g.population_groups,
    m.is_dropout as in_numerator,
    true as in_denominator,
    m.is_dropout as in_low,
    m.is_dropout or m.unresolved as in_high
from judged as m
left join conformed.school as s on m.school_code = s.school_code
left join conformed.groups as g on m.person_id = g.person_id
