-- One row per child who returned since the school year's start. Rules page: relapse_rate.md.
with returned as (
    select * exclude (relapses), max(relapses) over (partition by person_id) as relapses
    from indicators.case_child
    where returned_on >= make_date($school_year::integer, 9, 1)
    qualify case_no = max(case_no) over (partition by person_id)
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
