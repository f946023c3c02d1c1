-- One row per care child whose 监护情况 is known; the worst row counts. Rules page: guardian_ok_rate.md.
with held as (
    select * from validated.care
    qualify period = max(period) over (partition by township, care_kind)
),

worst as (
    select
        link.person_id, h.township, h.village, h.guardianship = '正常' or h.entrusted_carer is not null as is_ok
    from held as h
    inner join conformed.link as link on h.identity = link.identity
    where h.guardianship is not null
    qualify row_number() over (
        partition by link.person_id
        order by
            case h.guardianship when '无人监护' then 1 when '监护能力弱' then 2 else 3 end,
            h.entrusted_carer is not null, h.township, h.village, h.care_kind
    ) = 1
)

select
    w.person_id,
    coalesce(c.township, w.township) as township,
    case when c.person_id is null then w.village else c.village end as village,
    null::varchar as school_code,
    c.stage_by_age as stage,
    w.is_ok as in_numerator,
    null::boolean as in_low,
    null::boolean as in_high
from worst as w
left join conformed.child as c on w.person_id = c.person_id
