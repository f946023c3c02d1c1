-- One row per child under suspicion and sign of where it may be, the surest first. A sign proposes; it closes nothing.
with last_word as (
    -- lapsed or without its evidence, it still says where to ask first
    select person_id, arg_max(says, said_on::varchar || unit_rank::varchar || learned_in || says) as says
    from conformed.statement
    where says not in ('未返校', '承诺复学', '已复学', '转入', '复学', '其他', '在校就读')
    group by person_id
),

roster as (
    select link.person_id, c.roster_status
    from validated.child as c
    inner join conformed.link as link on c.identity = link.identity
    where c.roster_status <> '正常'
    qualify row_number() over (partition by link.person_id order by c.period desc, c.roster_status) = 1
),

last_record as (
    select person_id, registry_status, grade
    from conformed.record
    where period = $period
    qualify row_number() over (partition by person_id order by is_live desc, registry_status, grade desc, school_code) = 1
),

unfinished as (
    select distinct link.person_id
    from validated.movement as m
    inner join conformed.link as link on m.identity = link.identity
    where m.movement_type = '转出' and m.moved_on <= $as_of
),

told as (
    select person_id, 1 as rank, case when says in ('确认辍学', '失学', '失联') then '疑似辍学' else says end as sign,
        '最近一次核实结论' as nearest_how, '较高' as confidence
    from last_word
    union all
    select person_id, 2 as rank, roster_status as sign, '底册状态' as nearest_how, '较高' as confidence from roster
    union all
    select person_id, 3 as rank, case when registry_status in ('毕业', '结业') then '已毕业' else registry_status end as sign,
        '本人最近学籍状态' as nearest_how, '较高' as confidence
    from last_record
    where registry_status in ('死亡', '出国(境)', '休学', '已转出') or (registry_status in ('毕业', '结业') and grade = '9')
    union all
    select link.person_id, 4 as rank, '中职就读' as sign, '中职在校生名册' as nearest_how, '高' as confidence
    from validated.vocational as v inner join conformed.link as link on v.identity = link.identity
    union all
    select link.person_id, 5 as rank, d.placement as sign, '残疾儿童少年名册安置方式' as nearest_how, '较高' as confidence
    from validated.disabled as d inner join conformed.link as link on d.identity = link.identity
    where d.placement in ('送教上门', '延缓入学')
    union all
    select person_id, 6 as rank, '证件错误' as sign, nearest_how, confidence
    from compared.nearest
    where is_proposed
    union all
    select person_id, 7 as rank, '外地就读有学籍' as sign, '转出手续未办结' as nearest_how, '中' as confidence from unfinished
)

select s.person_id, t.rank, t.sign, t.nearest_how, t.confidence
from compared.suspicion as s
inner join told as t on s.person_id = t.person_id
qualify row_number() over (partition by s.person_id order by t.rank, t.sign, t.nearest_how) = 1
