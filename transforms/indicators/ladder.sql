-- One row per step from the 底册 to those who should be enrolled, and where these are (contract §8: the printed ladder).
with counted as (
    select why, count(*)::integer as children from compared.standing group by why
),

labelled as (
    select
        case
            when why in ('死亡', '底册死亡') then '死亡'
            when why in ('出国(境)', '底册出国(境)') then '出国(境)'
            when why in ('户籍迁出', '底册迁出') then '户籍迁出'
            when why in ('户籍或证件错误', '底册空挂户') then '户籍或证件错误'
            when why in ('外地就读有学籍', '外地就读无学籍') then '外地就读'
            when why in ('适龄未入学', '数据隔离') then '未入学'
            when why = '待升学' then '本区在籍'  -- counts as live through 31 August
            else why
        end as label,
        children
    from counted
),

step (step, label) as (
    values (2, '死亡'), (3, '出国(境)'), (4, '户籍迁出'), (5, '户籍或证件错误'), (6, '重复信息'),
    (8, '本区在籍'), (9, '外地就读'), (10, '初中已毕业'), (11, '在校就读'), (12, '休学'), (13, '延缓入学'),
    (14, '送教上门'), (15, '中职就读'), (16, '超龄'), (17, '已毕业'), (18, '未入学')
),

filled as (
    select s.step, s.label, coalesce(sum(l.children), 0)::integer as children
    from step as s
    left join labelled as l on s.label = l.label
    group by s.step, s.label
),

with_totals as (
    select step, label, children from filled
    union all
    select 1 as step, '底册适龄人数' as label, coalesce(sum(children), 0)::integer as children from labelled
    union all
    select 7 as step, '应入学' as label, coalesce(sum(children), 0)::integer as children from filled where step >= 8
)

select $period as period, $version::integer as version, step, label, children
from with_totals
