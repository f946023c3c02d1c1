-- One row per person. A valid id rules over the sex and birth date that stand beside it (contract §3).
with spelled as (
    select
        link.person_id,
        identity.*,
        case
            when identity.id_number is not null then 1
            when identity.registry_number is not null then 2
            else 3
        end as token_rank,
        -- a spelling belongs to one person, so no two persons share a token
        coalesce(identity.id_number, identity.identity) as token
    from conformed.link as link
    inner join conformed.identity as identity on link.identity = identity.identity
),

person as (
    select
        person_id,
        -- the oldest spelling names the child for good, so that a pseudonym survives later corrections
        arg_min(token, first_period || token_rank::varchar || token) as token,
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
        coalesce(try_strptime(substr(id_number, 7, 8), '%Y%m%d')::date, birth_given) as birth_date
    from person
)

select
    person_id,
    pseudonym(token) as child_key,
    id_number,
    registry_number,
    name,
    sex,
    birth_date,
    strftime(birth_date, '%Y-%m') as birth_month
from ruled
