-- One row per person of the 底册 or the registry: guardian, telephone and address, as the newest row that names a guardian has them.
with told as (
    select link.person_id, c.guardian_name, c.guardian_phone, c.address, c.period, 1 as rank, c.file_id, c.source_row
    from validated.child as c inner join conformed.link as link on c.identity = link.identity
    union all
    select link.person_id, r.guardian_name, r.guardian_phone, coalesce(r.current_address, r.hukou_place) as address,
        r.period, 2 as rank, r.file_id, r.source_row
    from validated.registry as r inner join conformed.link as link on r.identity = link.identity
)

select person_id, guardian_name, guardian_phone, address
from told
qualify row_number() over (
    partition by person_id order by guardian_name is null, period desc, rank, file_id desc, source_row desc
) = 1
