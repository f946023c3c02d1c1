-- One row per case opened in this period, with whose it is and where: what the lake keeps, so that no replaced file loses a case.
with spelled as (
    -- the spelling that names the child; the others may go with the files they stood in
    select a.child_key, i.*
    from conformed.alias as a
    inner join conformed.identity as i on substr(a.spelled_first, 9) = coalesce(i.id_number, i.identity)
    qualify row_number() over (partition by a.child_key order by i.first_period, i.identity) = 1
)

select
    o.case_no, o.child_key, o.opened_in, o.opened_on, o.opened_by, o.issued_on, o.verify_by, o.case_before,
    s.identity, s.id_number, s.id_number_given, s.registry_number, p.name, p.sex, p.birth_date,
    place.township, place.village, place.school_code
from cases.opening as o
inner join conformed.person as p on o.child_key = p.child_key
inner join spelled as s on o.child_key = s.child_key
inner join conformed.place as place on p.person_id = place.person_id
where o.opened_in = $period
