-- One row per child that a district must account for and another district has on its roll, by the same valid id.
--   elsewhere: no record at home, the same name there: at school in the other district
--   both: a record in each; the two districts settle whose it is
--   unsure: one id and two names; a person looks
with alive as (
    -- one child, one record a district: in class before on leave
    select *
    from live
    where id_number is not null
    qualify row_number() over (
        partition by district, id_number order by registry_status = '在读' desc, registry_number, school_name, grade
    ) = 1
),

met as (
    select
        h.district, there.district as found_in, h.id_number, h.name, there.name as name_there, there.school_name,
        there.registry_number, there.grade, there.registry_status,
        case
            when h.name <> there.name then 'unsure'
            when here.id_number is not null then 'both'
            else 'elsewhere'
        end as finding
    from held as h
    inner join alive as there on h.id_number = there.id_number and h.district <> there.district
    left join alive as here on h.id_number = here.id_number and h.district = here.district
)

select *
from met
-- several districts have it: in class before on leave, then the first by name
qualify row_number() over (
    partition by district, id_number
    order by finding = 'elsewhere' desc, registry_status = '在读' desc, found_in
) = 1
order by district, id_number
