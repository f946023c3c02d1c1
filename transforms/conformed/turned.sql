-- One row per turn of an earlier period that moved its case: away again, or watched to the end (contract §6).
select
    t.case_no,
    p.person_id,
    t.turned_in,
    t.turned_on,
    t.turn,
    case t.turn when '再次离校' then '劝返中' else '已销号' end as state
from validated.earlier_turning as t
inner join conformed.kept_opening as o on t.case_no = o.case_no
inner join conformed.person as p on o.child_key = p.child_key
where t.turn in ('再次离校', '观察期满')
