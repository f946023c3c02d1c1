-- One row per case, with its owner and its clock (contract §6).
with on_platform as (
    select link.person_id, max(p.platform_closed_on) as platform_closed_on
    from validated.platform as p
    inner join conformed.link as link on p.identity = link.identity
    where p.platform_closed_on <= $as_of
    group by link.person_id
)

select
    $period as period,
    $version::integer as version,
    s.case_no,
    s.child_key,
    s.state,
    s.opened_on,
    s.opened_by,
    s.closed_on,
    s.closed_as,
    o.owner_level,
    o.owner_office,
    k.due_on,
    k.overdue_working_days,
    s.returned_on,
    s.relapses,
    u.platform_closed_on,
    p.township,
    p.village,
    p.school_code
from cases.standing as s
inner join conformed.place as p on s.person_id = p.person_id
left join cases.owner as o on s.case_no = o.case_no
left join cases.clock as k on s.case_no = k.case_no
left join on_platform as u on s.person_id = u.person_id and u.platform_closed_on >= s.opened_on
