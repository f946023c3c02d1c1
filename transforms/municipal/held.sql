-- One row per child that a district must account for and can name by a valid id: on its 底册, its registry or a suspect list.
with told as (
    select id_number, name, registry_number, period from validated.registry
    union all
    select id_number, name, null as registry_number, period from validated.child
    union all
    select id_number, name, registry_number, period from validated.suspect
)

select
    $district as district, id_number,
    arg_max(name, period) as name,
    arg_max(registry_number, period) as registry_number
from told
where id_number is not null
group by id_number
