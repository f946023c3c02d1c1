-- One row per person with a case: the open one, else the last closed.
select
    person_id,
    state,
    confirmed_on,
    state in ('待核实', '待补佐证') as unresolved
from cases.standing
qualify row_number() over (partition by person_id order by state = '已销号', opened_in desc, case_no desc) = 1
