-- One row per identity: the person it belongs to and how it was matched (contract §5).
-- What leads to no valid id is matched among itself: 学籍号; name + sex + birth date; the same faulty id and name.
with rest as (
    select i.*, substr(i.registry_number, 2) as digits, concat_ws('|', i.name, i.sex, i.birth_date) as triple,
        i.name is not null and i.sex is not null and i.birth_date is not null as has_triple,
        -- an id cut to 5.00153E+17 says nothing: equal ones would be a match on name alone
        case when length(i.id_number_given) >= 8 and not contains(i.id_number_given, '+')
            then i.id_number_given || '|' || i.name end as faulty
    from conformed.identity as i
    anti join conformed.anchor as a on i.identity = a.identity
),

anchored_number as (
    -- a 学籍号 whose other rows were matched by name or close id leads on
    select substr(i.registry_number, 2) as digits, min(a.person) as person
    from conformed.anchor as a
    inner join conformed.identity as i on a.identity = i.identity
    where i.registry_number is not null
    group by substr(i.registry_number, 2)
    having count(distinct a.person) = 1
),

by_number as (
    select r.identity, n.person, 'registry_number' as matched_by
    from rest as r
    inner join anchored_number as n on r.digits = n.digits
),

own as (
    select r.*, min(r.triple) over (partition by coalesce(r.faulty, r.triple)) as like_faulty
    from rest as r
    anti join by_number as b on r.identity = b.identity
    where r.has_triple
),

by_triple as (
    select *, 'N' || min(like_faulty) over (partition by triple) as person from own
),

number_owner as (
    select digits, min(person) as person from by_triple
    where digits is not null group by digits having count(distinct person) = 1
),

faulty_owner as (
    select faulty, min(person) as person from by_triple
    where faulty is not null group by faulty having count(distinct person) = 1
),

bare as (
    -- no name, sex and birth date together: a 学籍号, a faulty id with a name, or a line on a list (contract §3)
    select
        r.identity,
        coalesce(
            n.person, f.person, 'R' || r.digits, 'X' || r.faulty,
            case when r.identity like 'S|%' then r.identity end
        ) as person,
        case when r.digits is not null then 'registry_number' when f.person is not null then 'close_id' else 'none' end
        as matched_by
    from rest as r
    anti join by_number as b on r.identity = b.identity
    left join number_owner as n on r.digits = n.digits
    left join faulty_owner as f on r.faulty = f.faulty
    where not r.has_triple
),

matched as (
    select identity, person, matched_by from conformed.anchor
    union all
    select identity, person, matched_by from by_number
    union all
    select identity, person, case when like_faulty = triple then 'name_birth' else 'close_id' end as matched_by from by_triple
    union all
    select identity, person, matched_by from bare where person is not null
),

numbered as (
    -- a number for every later join, in the order of the spellings: a spelling of 19 letters costs each of them twice as much
    select person, (row_number() over (order by person))::integer as person_id
    from (select distinct person from matched)
)

select m.identity, n.person_id, m.matched_by
from matched as m
inner join numbered as n on m.person = n.person
