-- One row per person. A valid id rules over the sex and birth date that stand beside it (contract §3).
with spelled as (
    select link.person_id, identity.*
    from conformed.link as link
    inner join conformed.identity as identity on link.identity = identity.identity
),

named as (
    -- the oldest spelling names the child for good, so that a pseudonym survives later corrections
    select person_id, arg_min(child_key, spelled_first) as child_key
    from conformed.alias
    group by person_id
),

person as (
    select
        person_id,
        max(id_number) as id_number,
        arg_max(registry_number, first_period || registry_number) as registry_number,
        arg_min(name, first_period || name) as name,
        arg_min(sex, first_period || sex) as sex_given,
        arg_min(birth_date, first_period || birth_date::varchar) as birth_given
    from spelled
    group by person_id
),

ruled as (
    select
        *,
        case
            when id_number is null then sex_given
            when substr(id_number, 17, 1)::integer % 2 = 1 then '男'
            else '女'
        end as sex,
        coalesce(
            try_cast(substr(id_number, 7, 4) || '-' || substr(id_number, 11, 2) || '-' || substr(id_number, 13, 2) as date), birth_given
        ) as birth_date
    from person
)

select
    r.person_id,
    n.child_key,
    r.id_number,
    r.registry_number,
    r.name,
    r.sex,
    r.birth_date,
    strftime(r.birth_date, '%Y-%m') as birth_month
from ruled as r
inner join named as n on r.person_id = n.person_id
