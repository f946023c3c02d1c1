-- One row per person whom linking may set side by side: under suspicion, or in the other register. Person data only here.
with side as (
    select person_id, 'suspect' as side, is_absent, false as is_enrolled from compared.suspicion
    union all
    -- where a child under suspicion may stand under another spelling: on the roll, or on a classroom list without a record
    select person_id, 'other' as side, false as is_absent, true as is_enrolled from conformed.enrolment
    union all
    select person_id, 'other' as side, false as is_absent, false as is_enrolled from compared.no_registry
),

nameless as (
    select p.birth_date, p.name, h.guardian_phone, place.township
    from compared.suspicion as s
    inner join conformed.person as p on s.person_id = p.person_id
    inner join conformed.place as place on s.person_id = place.person_id
    left join compared.home as h on s.person_id = h.person_id
    where p.id_number is null
),

beside as (
    -- whoever has a valid id is looked at only beside a suspect without one, and with something in common
    select side.person_id
    from side
    inner join conformed.person as p on side.person_id = p.person_id
    inner join conformed.place as place on side.person_id = place.person_id
    inner join nameless as n on p.birth_date = n.birth_date and (left(p.name, 1) = left(n.name, 1) or place.township = n.township)
    where side.side = 'other'
    union
    select side.person_id
    from side
    inner join conformed.person as p on side.person_id = p.person_id
    inner join nameless as n on p.name = n.name
    where side.side = 'other'
    union
    select side.person_id
    from side
    inner join compared.home as h on side.person_id = h.person_id
    inner join nameless as n on h.guardian_phone = n.guardian_phone
    where side.side = 'other'
),

chosen as materialized (
    select side.*, p.name, p.sex, p.birth_date, p.id_number is not null as has_id
    from side
    inner join conformed.person as p on side.person_id = p.person_id
    left join beside on side.person_id = beside.person_id
    where p.name is not null and (side.side = 'suspect' or p.id_number is null or beside.person_id is not null)
),

numbered as (
    select person_id, list_sort(list(distinct number)) as numbers
    from (
        -- G and L numbers are made of an id, J numbers of none
        select
            link.person_id,
            unnest([
                i.id_number, i.id_number_given,
                case when i.registry_number not like 'J%' then substr(i.registry_number, 2) end
            ]) as number
        from conformed.link as link
        semi join chosen on link.person_id = chosen.person_id
        inner join conformed.identity as i on link.identity = i.identity
    )
    where length(number) >= 15
    group by person_id
),

live as (
    select person_id, list_sort(list(distinct period)) as live_in
    from conformed.record as r
    semi join chosen on r.person_id = chosen.person_id
    where is_live
    group by person_id
)

select
    side.person_id, side.side, side.is_absent, side.is_enrolled,
    side.name, side.sex, side.birth_date, side.has_id,
    coalesce(n.numbers, []) as numbers,
    h.guardian_name, h.guardian_phone, h.address,
    place.township, place.village,
    school.school_name,
    child.person_id is not null as in_roster,
    coalesce(live.live_in, []) as live_in
from chosen as side
inner join conformed.place as place on side.person_id = place.person_id
left join numbered as n on side.person_id = n.person_id
left join compared.home as h on side.person_id = h.person_id
left join live on side.person_id = live.person_id
left join conformed.child as child on side.person_id = child.person_id
left join conformed.school as school on place.school_code = school.school_code
