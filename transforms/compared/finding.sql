-- One row per comparison and child found in this period.
with found as (
    select 'unenrolled' as comparison, * from compared.unenrolled
    union all by name
    select 'absent' as comparison, * from compared.absent
    union all by name
    select 'monitored_out' as comparison, * from compared.monitored_out
    union all by name
    select 'duplicate_registry' as comparison, * from compared.duplicate_registry
),

namesake as (
    -- another person with the same name, sex and birth date: most often one child with a faulty id
    select name, sex, birth_date
    from conformed.person
    where name is not null and birth_date is not null
    group by name, sex, birth_date
    having count(*) > 1
),

last_word as (
    select person_id, arg_max(says, said_on::varchar || unit_rank::varchar || says) as says
    from conformed.statement
    group by person_id
)

select
    $period as period,
    $version::integer as version,
    f.comparison,
    p.child_key,
    coalesce(c.township, s.township) as township,
    c.village,
    f.school_code,
    f.stage,
    f.grade,
    case
        when f.comparison not in ('unenrolled', 'absent') then null
        when w.says in ('确认辍学', '失学', '失联') then '疑似辍学'
        when w.says in ('外地就读有学籍', '外地就读无学籍') and f.comparison = 'absent' then '外地就读未转学'
        when w.says in ('死亡', '出国(境)', '已毕业', '超龄', '休学', '延缓入学', '送教上门', '中职就读', '外地就读有学籍')
            then w.says
        when w.says = '户籍迁出' then '迁出'
        when w.says = '重复信息' then '重复'
        when n.name is not null then '证件错误'
        else '疑似辍学'
    end as likely_cause,
    f.matched_by,
    coalesce(h.first_seen_period, $period) as first_seen_period
from found as f
inner join conformed.person as p on f.person_id = p.person_id
left join conformed.child as c on f.person_id = c.person_id
left join conformed.school as s on f.school_code = s.school_code
left join last_word as w on f.person_id = w.person_id
left join namesake as n on p.name = n.name and p.sex = n.sex and p.birth_date = n.birth_date
left join validated.earlier_finding as h on f.comparison = h.comparison and p.child_key = h.child_key
