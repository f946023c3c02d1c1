-- One row per person whose registry row of the school's last delivery was quarantined: no finding, no case (contract §4).
with delivered as (
    select school_code, period from validated.registry
    union
    select school_code, period from validated.quarantined where extract = 'registry'
),

last_delivery as (
    select school_code, max(period) as period from delivered group by school_code
),

refused as (
    select q.id_number, q.registry_number, q.name, q.birth_date
    from validated.quarantined as q
    inner join last_delivery as l on l.school_code is not distinct from q.school_code and q.period = l.period
    where q.extract = 'registry'
)

select p.person_id
from conformed.person as p inner join refused as r on p.id_number = r.id_number
union
select p.person_id
from conformed.person as p inner join refused as r on p.name = r.name and p.birth_date = r.birth_date
union
-- by any 学籍号 the child has borne: the refused row may carry the one before
select link.person_id
from conformed.identity as i
inner join refused as r on substr(i.registry_number, 2) = substr(r.registry_number, 2)
inner join conformed.link as link on i.identity = link.identity
