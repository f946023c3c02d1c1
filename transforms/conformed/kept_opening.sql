-- One row per case opened in an earlier period, under the pseudonym that its child bears now.
select
    o.case_no, p.child_key, o.opened_in, o.opened_on, o.opened_by, o.issued_on, o.verify_by,
    -- openings kept before the column was told apart by the pseudonym of then
    coalesce(o.case_before, lag(o.case_no) over (partition by o.child_key order by o.opened_in, o.case_no)) as case_before
from validated.earlier_opening as o
inner join conformed.alias as a on o.child_key = a.child_key
inner join conformed.person as p on a.person_id = p.person_id
