-- One row per child who returned since the school year's start. Rules page: relapse_rate.md.
with returned as (
    select *, max(relapsed_from) over (partition by person_id) as undone_on
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
    -- a relapse after a return of the year before is not this year's
    coalesce(undone_on >= make_date($school_year::integer, 9, 1), false) as in_numerator,
    null::boolean as in_low,
    null::boolean as in_high
from returned
where true
