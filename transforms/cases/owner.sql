-- One row per open case: who has it now, and who stands beside. First owner by opening; a late case goes up (contract §6).
with placed as (
    select
        s.case_no, s.state, s.opened_by, p.township, p.village, p.school_code, e.school_code is not null as has_record,
        -- the school that the village belongs to, by the child's age
        case c.stage_by_age when 'primary' then a.primary_school_code else a.junior_school_code end as zone_school,
        a.junior_school_code,
        coalesce(k.overdue_working_days, 0) as late
    from cases.standing as s
    inner join conformed.place as p on s.person_id = p.person_id
    left join cases.clock as k on s.case_no = k.case_no
    left join conformed.enrolment as e on s.person_id = e.person_id
    left join conformed.child as c on s.person_id = c.person_id
    left join conformed.area as a on a.level = '村社' and p.township = a.township and p.village = a.village
    where s.state <> '已销号'
),

first_owner as (
    select
        *,
        case
            when opened_by in ('absent', 'unaccounted', 'transition_gap', 'listed') and school_code is not null then 'school'
            when opened_by in ('feedback', 'leave_ended') and has_record then 'school'
            when village is not null then 'village'
            else 'township'
        end as first_level
    from placed
),

owned as (
    select
        *,
        case
            when state in ('在册跟踪', '外地就读待转学', '复学跟踪') then first_level
            when late > $escalation_township_working_days then 'district'
            -- a lost child is reported to the 镇街 at once
            when late > 0 or state = '失联' then 'township'
            else first_level
        end as level_by_clock
    from first_owner
),

levelled as (
    select *, case when level_by_clock = 'township' and township is null then 'district' else level_by_clock end as owner_level
    from owned
)

select
    l.case_no,
    l.owner_level,
    case l.owner_level
        when 'school' then own.school_name || case when l.opened_by = 'transition_gap' and junior.school_name is not null
            then '、' || junior.school_name else '' end
        when 'village' then l.township || l.village
        when 'township' then l.township
        else '区教委'
    end as owner_office,
    case l.first_level when 'school' then l.township || coalesce(l.village, '') else zone.school_name end as beside_office
from levelled as l
left join conformed.school as own on l.school_code = own.school_code
left join conformed.school as junior on l.junior_school_code = junior.school_code
left join conformed.school as zone on l.zone_school = zone.school_code
