-- One row per kind of the care list: how its children are looked after.
with held as (
    select * from validated.care
    qualify period = max(period) over (partition by township, care_kind)
),

child as (
    select
        link.person_id,
        c.care_kind,
        max(case c.guardianship when '无人监护' then 3 when '监护能力弱' then 2 when '正常' then 1 end) as worst,
        bool_or(c.entrusted_carer is not null) as has_carer
    from held as c
    inner join conformed.link as link on c.identity = link.identity
    group by link.person_id, c.care_kind
)

select
    care_kind,
    count(*) as children,
    count(*) filter (where worst = 1) as normal,
    count(*) filter (where worst = 2 and has_carer) as weak_with_carer,
    count(*) filter (where worst = 2 and not has_carer) as weak_alone,
    count(*) filter (where worst = 3 and has_carer) as unguarded_with_carer,
    count(*) filter (where worst = 3 and not has_carer) as unguarded_alone,
    count(*) filter (where worst is null) as unknown
from child
group by care_kind
order by children desc, care_kind
