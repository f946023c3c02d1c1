-- One row per person with what papers print of it: a valid id, else the number as given; guardian, phone and address.
with child as (
    select link.person_id, c.guardian_name, c.guardian_phone, c.address, c.ethnicity, c.id_type
    from validated.child as c inner join conformed.link as link on c.identity = link.identity
    qualify row_number() over (
        partition by link.person_id
        order by c.period desc, coalesce(c.roster_source, '公安户籍') = '公安户籍' desc, c.file_id, c.source_row
    ) = 1
),

registry as (
    select link.person_id, r.guardian_name, r.guardian_phone, r.current_address, r.id_type
    from validated.registry as r inner join conformed.link as link on r.identity = link.identity
    qualify row_number() over (partition by link.person_id order by r.period desc, r.file_id, r.source_row) = 1
),

given as (
    select link.person_id, max(i.id_number_given) as id_number_given
    from conformed.link as link inner join conformed.identity as i on link.identity = i.identity
    group by link.person_id
)

select
    p.person_id, p.child_key, p.name, p.sex, p.birth_date,
    coalesce(p.id_number, g.id_number_given) as id_number,
    p.registry_number,
    coalesce(c.ethnicity, e.ethnicity) as ethnicity,
    coalesce(c.id_type, r.id_type) as id_type,
    coalesce(c.guardian_name, r.guardian_name) as guardian,
    coalesce(c.guardian_phone, r.guardian_phone) as phone,
    coalesce(r.current_address, c.address) as address
from conformed.person as p
left join given as g on p.person_id = g.person_id
left join child as c on p.person_id = c.person_id
left join registry as r on p.person_id = r.person_id
left join conformed.enrolment as e on p.person_id = e.person_id
