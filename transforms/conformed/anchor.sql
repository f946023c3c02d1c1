-- One row per identity that leads to a valid id: the person, and how it was matched (contract §5).
-- Tiers in order: valid id; 学籍号; name + sex + birth date where this side has no valid id; close id with the same name.
with identity as (
    select *, substr(registry_number, 2) as digits, name || '|' || sex || '|' || birth_date::varchar as triple
    from conformed.identity
),

-- few bear no valid id: only their numbers and names are looked for
bare as materialized (
    select * from identity where id_number is null
),

number_owner as (
    -- L and J numbers become G with the same digits; a number that two persons share names nobody
    select digits, min('I' || id_number) as person
    from identity
    where id_number is not null and digits in (select digits from bare)
    group by digits
    having count(distinct id_number) = 1
),

triple_owner as (
    select triple, min('I' || id_number) as person
    from identity
    where id_number is not null and triple in (select triple from bare)
    group by triple
    having count(distinct id_number) = 1
),

by_owner as materialized (
    select
        b.*,
        coalesce(n.person, t.person) as person,
        case when n.person is not null then 'registry_number' else 'name_birth' end as matched_by
    from bare as b
    left join number_owner as n on b.digits = n.digits
    left join triple_owner as t on b.triple = t.triple
),

unsure as materialized (
    select identity, name, id_number_given as given
    from by_owner
    where person is null and length(id_number_given) = 18
),

close_pair as (
    select distinct
        r.identity,
        'I' || i.id_number as person,
        list_filter(range(1, 19), lambda k: substr(r.given, k, 1) <> substr(i.id_number, k, 1)) as differ,
        r.given,
        i.id_number
    from unsure as r
    inner join identity as i on r.name = i.name
    where i.id_number is not null
),

by_close_id as (
    select identity, min(person) as person
    from close_pair
    where array_length(differ) = 1
        or (
            array_length(differ) = 2 and differ[2] = differ[1] + 1
            and substr(given, differ[1], 1) = substr(id_number, differ[2], 1)
            and substr(given, differ[2], 1) = substr(id_number, differ[1], 1)
        )
    group by identity
    having count(distinct person) = 1
)

select identity, 'I' || id_number as person, 'id' as matched_by from identity where id_number is not null
union all
select identity, person, matched_by from by_owner where person is not null
union all
select identity, person, 'close_id' as matched_by from by_close_id
