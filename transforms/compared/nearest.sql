-- One row per child under suspicion with a like record of the other register: most often one child with a wrong id.
with graded as (
    select
        *,
        case
            when same_name and near_number then 1
            when same_name and same_birth and same_sex then 2
            when near_name and same_birth and near_number then 2
            when same_name and same_township and (same_birth or (near_birth and same_sex)) then 3
        end as likeness
    from compared.pair
),

worded as (
    select
        g.person_id, g.nearest_person_id, g.likeness, true as is_proposed, false as is_linked,
        case g.likeness when 1 then '高' when 2 then '较高' else '中' end as confidence,
        case
            when g.likeness = 1 then '姓名相同、证件号仅差一两位'
            when g.likeness = 3 then '同镇街、姓名相同、出生日期相近'
            when g.same_name then '姓名、性别、出生日期相同而证件号不同'
            else '姓名差一字、出生日期相同、证件号仅差一两位'
        end as nearest_how,
        concat_ws('；',
            '姓名（' || x.name || case when x.name <> y.name then '／' || y.name else '' end || '）',
            '出生日期（' || x.birth_date || case when x.birth_date <> y.birth_date then '／' || y.birth_date else '' end || '）',
            '证件号（' || coalesce(x.id_number, '无') || '／' || coalesce(y.id_number, '无') || '）'
        ) as side_by_side
    from graded as g
    inner join conformed.person as x on g.person_id = x.person_id
    inner join conformed.person as y on g.nearest_person_id = y.person_id
    where g.likeness is not null
    union all
    -- what linking says counts where nothing surer is at hand; what it only shows comes last
    select person_id, nearest_person_id, case when is_proposed and confidence <> '中' then 2 when is_proposed then 4 else 5 end
        as likeness, is_proposed, true as is_linked, confidence, nearest_how, side_by_side
    from compared.linked
)

select person_id, nearest_person_id, likeness, is_proposed, is_linked, confidence, nearest_how, side_by_side
from worded
qualify row_number() over (partition by person_id order by likeness, is_linked, nearest_person_id) = 1
