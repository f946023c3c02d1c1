-- One row per thing of the school year that a school is assessed by, and whether it was done: a dropout brought back,
-- a case verified, a visit recorded, a notice served.
with brought_back as (
    -- a child by its last case, as in return_rate
    select
        r.school_code,
        r.in_numerator and coalesce(c.returned_on <= $as_of::date - $assessment_return_days::integer, false) as holds
    from indicators.return_rate as r
    inner join indicators.case_child as c on r.person_id = c.person_id
    qualify row_number() over (partition by r.person_id order by c.case_no desc) = 1
),

verified as (
    select c.school_code, coalesce(c.verified_on <= c.verify_due, false) as holds
    from indicators.case_child as c
    inner join cases."case" as k on c.case_no = k.case_no
    where k.opened_on >= make_date($school_year::integer, 9, 1) and c.verify_due <= $issued
),

visit as (
    -- a visit once, however often it was delivered
    select
        p.school_code,
        v.notice_title,
        v.served_on is not null as is_served,
        v.visitor is not null and v.visit_method is not null and v.dropout_reason is not null
        and (v.visit_result <> '已复学' or v.returned_on is not null) as is_complete
    from validated.persuasion as v
    left join conformed.link as link on v.identity = link.identity
    left join cases.standing as s on v.case_no = s.case_no
    inner join conformed.place as p on coalesce(s.person_id, link.person_id) = p.person_id
    where
        v.visiting_unit = '学校'
        and v.visited_on between make_date($school_year::integer, 9, 1) and $as_of
    qualify row_number() over (
        partition by p.person_id, v.visited_on, v.notice_title
        order by v.period desc, v.file_id desc, v.source_row desc
    ) = 1
),

told as (
    select school_code, 'return_stayed' as assessment_item, holds from brought_back
    union all
    select school_code, 'followed_up' as assessment_item, holds from verified
    union all
    select school_code, 'visits_complete' as assessment_item, is_complete as holds from visit
    union all
    select school_code, 'notices_served' as assessment_item, is_served as holds from visit where notice_title is not null
)

select school_code, assessment_item, holds
from told
where school_code is not null
