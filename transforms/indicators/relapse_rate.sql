-- One row per child who returned since the school year's start. Rules page: relapse_rate.md.
with returned as (
    select *
    from indicators.case_child
    where returned_on >= make_date($school_year::integer, 9, 1)
    qualify row_number() over (partition by person_id order by relapses desc, returned_on desc, case_no desc) = 1
)

select
    person_id,
    township,
    village,
    school_code,
    stage,
    relapses > 0 as in_numerator,
    null::boolean as in_low,
    null::boolean as in_high
from returned
where true
