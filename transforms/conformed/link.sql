-- One row per identity: the person it belongs to and how it was matched (contract §5).
-- Tiers in order: valid id; 学籍号; name + sex + birth date where one side has no valid id; close id with the same name.
with identity as (
    select *, substr(registry_number, 2) as registry_digits, concat_ws('|', name, sex, birth_date) as triple,
        name is not null and sex is not null and birth_date is not null as has_triple
    from conformed.identity
),

by_id as (
    select identity, 'I' || id_number as person_id, 'id' as matched_by
    from identity
    where id_number is not null
),

registry_owner as (
    -- L and J numbers become G with the same digits; a number that two persons share names nobody
    select registry_digits, min('I' || id_number) as person_id
    from identity
    where id_number is not null and registry_digits is not null
    group by registry_digits
    having count(distinct id_number) = 1
),

triple_owner as (
    select triple, min('I' || id_number) as person_id
    from identity
    where id_number is not null and has_triple
    group by triple
    having count(distinct id_number) = 1
),

by_registry_number as (
    select i.identity, o.person_id, 'registry_number' as matched_by
    from identity as i
    inner join registry_owner as o on i.registry_digits = o.registry_digits
    where i.id_number is null
),

rest as (
    select i.*
    from identity as i
    anti join by_registry_number as b on i.identity = b.identity
    where i.id_number is null
),

by_name_birth as (
    select r.identity, o.person_id, 'name_birth' as matched_by
    from rest as r
    inner join triple_owner as o on r.triple = o.triple and r.has_triple
),

close_pair as (
    select distinct
        r.identity,
        'I' || i.id_number as person_id,
        list_filter(range(1, 19), lambda k: substr(r.id_number_given, k, 1) <> substr(i.id_number, k, 1)) as differ,
        r.id_number_given as given,
        i.id_number
    from rest as r
    anti join by_name_birth as b on r.identity = b.identity
    inner join identity as i on r.name = i.name
    where length(r.id_number_given) = 18 and i.id_number is not null
),

by_close_id as (
    select identity, min(person_id) as person_id, 'close_id' as matched_by
    from close_pair
    where len(differ) = 1
        or (
            len(differ) = 2 and differ[2] = differ[1] + 1
            and substr(given, differ[1], 1) = substr(id_number, differ[2], 1)
            and substr(given, differ[2], 1) = substr(id_number, differ[1], 1)
        )
    group by identity
    having count(distinct person_id) = 1
),

matched as (
    select * from by_id
    union all
    select * from by_registry_number
    union all
    select * from by_name_birth
    union all
    select * from by_close_id
),

own as (
    -- no valid id on either side: the same triple, else the same 学籍号, else the same faulty id and name
    select
        r.identity,
        case
            when r.has_triple then 'N' || r.triple
            when r.registry_digits is not null then 'R' || r.registry_digits
            else 'X' || r.id_number_given || '|' || r.name
        end as person_id,
        case when r.has_triple then 'name_birth' when r.registry_digits is not null then 'registry_number' else 'none'
        end as matched_by
    from rest as r
    anti join matched as m on r.identity = m.identity
    where r.has_triple or r.registry_digits is not null or (r.id_number_given is not null and r.name is not null)
)

select identity, person_id, matched_by from matched
union all
select identity, person_id, matched_by from own
