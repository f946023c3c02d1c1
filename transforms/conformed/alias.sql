-- One row per pseudonym that a spelling may have been given: a case stays the child's when two persons prove to be one.
select
    -- a spelling belongs to one person, so no two persons share a token
    pseudonym(coalesce(identity.id_number, identity.identity)) as child_key,
    link.person_id,
    min(
        identity.first_period
        || case when identity.id_number is not null then '1' when identity.registry_number is not null then '2' else '3' end
        || coalesce(identity.id_number, identity.identity)
    ) as spelled_first
from conformed.link as link
inner join conformed.identity as identity on link.identity = identity.identity
group by child_key, link.person_id
