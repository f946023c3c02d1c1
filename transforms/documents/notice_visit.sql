-- One row per visit to a child with a case, as notices to guardians tell it. A visit counts once it was made.
select distinct
    coalesce(c.person_id, link.person_id) as person_id,
    v.visited_on, v.visiting_unit, v.visit_method, v.visit_result, v.notice_title, v.notice_number, v.served_on, v.returned_on
from validated.persuasion as v
left join conformed.link as link on v.identity = link.identity
left join cases.standing as c on v.case_no = c.case_no
where v.visited_on <= $as_of
order by 1, v.visited_on, v.visiting_unit, v.visit_method nulls last, v.visit_result, v.served_on nulls last, v.notice_number nulls last
