-- One row per pseudonym that a spelling may have been given: a case stays the child's when two persons prove to be one.
with token as (
    -- a spelling belongs to one person, so no two persons share a token; an id stands in many spellings and is keyed once
    select
        coalesce(identity.id_number, identity.identity) as token,
        link.person_id,
        min(
            identity.first_period
            || case when identity.id_number is not null then '1' when identity.registry_number is not null then '2' else '3' end
            || coalesce(identity.id_number, identity.identity)
        ) as spelled_first
    from conformed.link as link
    inner join conformed.identity as identity on link.identity = identity.identity
    group by token, link.person_id
)

select pseudonym(token) as child_key, person_id, spelled_first
from token
