-- One row per child under suspicion of being out of school, whichever comparison says so (contract §5: likely cause).
with found as (
    select person_id, matched_by from compared.listed
    union all
    select person_id, matched_by from compared.transition_gap
    union all
    select person_id, matched_by from compared.unaccounted
    union all
    select person_id, matched_by from compared.absent
    union all
    select person_id, matched_by from compared.unenrolled
)

select f.person_id, bool_or(absent.person_id is not null) as is_absent, bool_or(listed.person_id is not null) as is_listed,
    min(listed.matched_by) as matched_by
from found as f
left join compared.absent as absent on f.person_id = absent.person_id
left join compared.listed as listed on f.person_id = listed.person_id
group by f.person_id
