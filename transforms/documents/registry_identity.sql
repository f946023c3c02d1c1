-- One row per record of a school's last delivery whose identity is doubtful: 变更 or 佐证 (教基一厅〔2015〕2号).
with registry as (
    -- what each school's last delivery says
    select r.*, link.person_id, school.counts_at, school.school_name
    from validated.registry as r
    inner join conformed.link as link on r.identity = link.identity
    inner join conformed.school as school on r.school_code = school.school_code
    qualify r.period = max(r.period) over (partition by r.school_code)
),

told as (
    select period, file_id, sheet, source_row, rule, message || coalesce('所填：' || value || '。', '') as told
    from validated.problem
    where extract = 'registry' and starts_with(rule, 'id_')
),

police as (
    select link.person_id, c.name, c.sex, c.birth_date
    from validated.child as c
    inner join conformed.link as link on c.identity = link.identity
    where c.id_number is not null and coalesce(c.roster_source, '公安户籍') = '公安户籍'
    qualify row_number() over (partition by link.person_id order by c.period desc, c.file_id, c.source_row) = 1
),

compared_row as (
    select r.person_id, r.counts_at as school_code, r.registry_number, r.grade, class_key(r.class_name) as class_name,
        '身份信息不一致' as kind,
        concat_ws('；', case when r.name <> p.name then '姓名：学籍' || r.name || '，户籍' || p.name end,
            case when r.sex <> p.sex then '性别：学籍' || r.sex || '，户籍' || p.sex end,
            case when r.birth_date <> p.birth_date then concat('出生日期：学籍', r.birth_date, '，户籍', p.birth_date) end) as beside
    from registry as r
    inner join compared.name_mismatch as m on r.person_id = m.person_id
    left join police as p on r.person_id = p.person_id
),

differing as (
    select *, case when beside <> '' then '变更' else '佐证' end as proposal,
        case when beside <> '' then '与公安户籍不一致，核对户口簿后变更' else '学籍与户籍一致，他册不同，提供户口簿佐证' end as why
    from compared_row
),

faulty as (
    select r.person_id, r.counts_at as school_code, r.registry_number, r.grade, class_key(r.class_name) as class_name,
        '身份证号错误' as kind, string_agg(distinct p.told, '' order by p.told) as beside,
        case when bool_and(p.rule = 'id_place_unknown') then '佐证' else '变更' end as proposal,
        case when bool_and(p.rule = 'id_place_unknown') then '核对户口簿，号码属实的提供佐证' else '核对户口簿后变更' end as why
    from registry as r
    inner join told as p
        on r.period = p.period and r.file_id = p.file_id and r.sheet = p.sheet and r.source_row = p.source_row
    group by r.person_id, r.counts_at, r.registry_number, r.grade, r.class_name
),

found as (
    select * from differing
    union all by name
    select * from faulty
)

select
    f.school_code, school.school_name, f.grade, f.class_name || '班' as class_name, w.name, w.id_number,
    coalesce(f.registry_number, w.registry_number) as registry_number, f.kind, f.beside, f.proposal, f.why, f.person_id
from found as f
inner join conformed.school as school on f.school_code = school.school_code
inner join paper_person as w on f.person_id = w.person_id
