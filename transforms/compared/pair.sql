-- One row per child under suspicion and record of the other register that could be the same child's, with what is alike.
-- Two who stand side by side in one register at one time are two children, however alike (nobody is explained away).
with other as (
    -- where a child under suspicion may stand under another id: on the roll, or on a classroom list without a record
    select person_id, true as is_enrolled from conformed.enrolment
    union all
    select person_id, false as is_enrolled from compared.no_registry
),

spelled as (
    select distinct link.person_id, coalesce(i.id_number, i.id_number_given) as number
    from conformed.link as link
    inner join conformed.identity as i on link.identity = i.identity
    where length(coalesce(i.id_number, i.id_number_given)) = 18
),

suspect as materialized (
    select s.person_id, p.name, p.birth_date
    from compared.suspicion as s inner join conformed.person as p on s.person_id = p.person_id
),

namesake as materialized (
    select person_id, name from conformed.person where name in (select name from suspect)
),

-- a name counts only beside one thing more, else every child would be paired with all of its name or of its day: each key
-- is one of the ways in which nearest tells a pair alike
beside as (
    select n.person_id, n.name, unnest([p.birth_date::varchar, place.township]) as beside
    from namesake as n
    inner join conformed.person as p on n.person_id = p.person_id
    inner join conformed.place as place on n.person_id = place.person_id
    union all
    -- two numbers that differ in two places agree in one of three parts
    select n.person_id, n.name, unnest(['a' || substr(s.number, 1, 6) || substr(s.number, 13, 2), 'b' || substr(s.number, 7, 6), 'c' || substr(s.number, 15, 4)]) as beside
    from namesake as n inner join spelled as s on n.person_id = s.person_id
),

keyed as (
    select person_id, name || '|' || beside as key from beside
    union all
    -- two names that differ in one place are the same without it
    select p.person_id, p.birth_date || '|' || left(p.name, k - 1) || '|' || substr(p.name, k + 1) as key
    from conformed.person as p
    cross join unnest(range(1, length(p.name) + 1)) as place_of (k)
    where length(p.name) > 1 and p.birth_date in (select birth_date from suspect)
),

candidate as (
    select distinct x.person_id, y.person_id as nearest_person_id
    from compared.suspicion as s
    inner join keyed as x on s.person_id = x.person_id
    inner join keyed as y on x.key = y.key and x.person_id <> y.person_id
    inner join other as o on y.person_id = o.person_id and (o.is_enrolled or s.is_absent)
),

apart as (
    select c.person_id, c.nearest_person_id
    from candidate as c
    semi join conformed.child as a on c.person_id = a.person_id
    semi join conformed.child as b on c.nearest_person_id = b.person_id
    union
    select c.person_id, c.nearest_person_id
    from candidate as c
    inner join conformed.record as a on c.person_id = a.person_id and a.is_live
    inner join conformed.record as b on c.nearest_person_id = b.person_id and b.is_live and a.period = b.period
),

close as (
    select distinct c.person_id, c.nearest_person_id
    from candidate as c
    inner join spelled as a on c.person_id = a.person_id
    inner join spelled as b on c.nearest_person_id = b.person_id
    where array_length(list_filter(range(1, 19), lambda k: substr(a.number, k, 1) <> substr(b.number, k, 1))) <= 2
)

select
    c.person_id, c.nearest_person_id,
    x.name = y.name as same_name,
    length(x.name) = length(y.name)
    and array_length(list_filter(range(1, length(x.name) + 1), lambda k: substr(x.name, k, 1) <> substr(y.name, k, 1))) = 1 as near_name,
    x.sex = y.sex as same_sex,
    x.birth_date = y.birth_date as same_birth,
    array_length(list_filter(range(1, 11), lambda k: substr(x.birth_date::varchar, k, 1) <> substr(y.birth_date::varchar, k, 1)))
    <= 2 as near_birth,
    here.township = there.township as same_township,
    close.person_id is not null as near_number
from candidate as c
inner join conformed.person as x on c.person_id = x.person_id
inner join conformed.person as y on c.nearest_person_id = y.person_id
inner join conformed.place as here on c.person_id = here.person_id
inner join conformed.place as there on c.nearest_person_id = there.person_id
left join close on c.person_id = close.person_id and c.nearest_person_id = close.nearest_person_id
anti join apart as a on c.person_id = a.person_id and c.nearest_person_id = a.nearest_person_id
