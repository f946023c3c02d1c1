-- One row per case opened in an earlier period, under the pseudonym that its child bears now.
select o.case_no, p.child_key, o.opened_in, o.opened_on, o.opened_by, o.issued_on, o.verify_by, o.case_before
from validated.earlier_opening as o
inner join conformed.alias as a on o.child_key = a.child_key
inner join conformed.person as p on a.person_id = p.person_id
