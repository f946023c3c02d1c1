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
    person_id,
    school_code,
    stage,
    grade,
    is_dropout as in_numerator,
    is_dropout as in_low,
    is_dropout or unresolved as in_high
from judged
