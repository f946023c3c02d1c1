-- One row per child of a monitored household who is unenrolled or absent: first priority (contract §5).
with out_of_school as (
    select * from compared.unenrolled
    union all by name
    select * from compared.absent
)

select o.person_id, o.school_code, o.grade, o.stage, o.matched_by
from out_of_school as o
inner join conformed.groups as g on o.person_id = g.person_id
where list_contains(g.population_groups, 'monitored')
qualify row_number() over (partition by o.person_id order by o.school_code) = 1
