-- One row per person of the 底册 or the registry: guardian, telephone and address, as the newest row that names a guardian has them.
with told as materialized (
    select link.person_id, c.guardian_name, c.guardian_phone, c.address, c.period, 1 as rank, c.file_id, c.source_row
    from validated.child as c inner join conformed.link as link on c.identity = link.identity
    union all
    select link.person_id, r.guardian_name, r.guardian_phone, coalesce(r.current_address, r.hukou_place) as address,
        r.period, 2 as rank, r.file_id, r.source_row
    from validated.registry as r inner join conformed.link as link on r.identity = link.identity
),

newest as (
    -- whoever names a guardian goes before the newer one that names none
    select person_id, guardian_name is not null as is_named, max(period) as period
    from told
    group by person_id, is_named
    qualify row_number() over (partition by person_id order by is_named desc) = 1
)

select told.person_id, told.guardian_name, told.guardian_phone, told.address
from told
inner join newest
    on told.person_id = newest.person_id and told.period = newest.period and (told.guardian_name is not null) = newest.is_named
qualify row_number() over (partition by told.person_id order by told.rank, told.file_id desc, told.source_row desc) = 1
