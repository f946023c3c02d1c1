-- One row: minors involved in cases, counts only, of the 镇街 that reported.
select
    '涉案未成年人' as label,
    count(distinct township) as townships,
    sum(people)::integer as people,
    sum(present_count)::integer as present,
    sum(people_out_of_school)::integer as out_of_school
from validated.sealed
where period = $period
having count(*) > 0
