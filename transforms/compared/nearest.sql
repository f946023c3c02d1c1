-- One row per child under suspicion with a like record of the other register: most often one child with a wrong id.
-- Two who stand side by side in one register at one time are two children, however alike (nobody is explained away).
with other as (
    -- where a child under suspicion may stand under another id: on the roll, or on a classroom list without a record
    select person_id, true as is_enrolled from conformed.enrolment
    union all
    select person_id, false as is_enrolled from compared.no_registry
),

spelled as (
    select distinct link.person_id, coalesce(i.id_number, i.id_number_given) as number
    from conformed.link as link
    inner join conformed.identity as i on link.identity = i.identity
    where length(coalesce(i.id_number, i.id_number_given)) = 18
),

-- a name counts only beside one thing more, else every child would be paired with all of its name or of its day: each key
-- is one of the ways in which a pair may be told alike below
beside as (
    select p.person_id, p.name, unnest([p.birth_date::varchar, place.township]) as beside
    from conformed.person as p inner join conformed.place as place on p.person_id = place.person_id
    union all
    -- two numbers that differ in two places agree in one of three parts
    select p.person_id, p.name, unnest(['a' || substr(s.number, 1, 6) || substr(s.number, 13, 2), 'b' || substr(s.number, 7, 6), 'c' || substr(s.number, 15, 4)]) as beside
    from conformed.person as p inner join spelled as s on p.person_id = s.person_id
),

keyed as (
    select person_id, name || '|' || beside as key from beside
    union all
    -- two names that differ in one place are the same without it
    select p.person_id, p.birth_date || '|' || left(p.name, k - 1) || '|' || substr(p.name, k + 1) as key
    from conformed.person as p
    cross join unnest(range(1, length(p.name) + 1)) as place_of (k)
    where length(p.name) > 1
),

alike as (
    select distinct x.person_id, y.person_id as nearest_person_id
    from compared.suspicion as s
    inner join keyed as x on s.person_id = x.person_id
    inner join keyed as y on x.key = y.key and x.person_id <> y.person_id
),

pair as (
    select x.person_id, y.person_id as nearest_person_id, o.is_enrolled,
        x.name = y.name as same_name, x.birth_date = y.birth_date as same_birth, x.sex = y.sex as same_sex,
        array_length(list_filter(range(1, 11), lambda k: substr(x.birth_date::varchar, k, 1) <> substr(y.birth_date::varchar, k, 1)))
        as birth_digits,
        length(x.name) = length(y.name)
        and array_length(list_filter(range(1, length(x.name) + 1), lambda k: substr(x.name, k, 1) <> substr(y.name, k, 1))) = 1 as near_name
    from alike as a
    inner join compared.suspicion as s on a.person_id = s.person_id
    inner join other as o on a.nearest_person_id = o.person_id and (o.is_enrolled or s.is_absent)
    inner join conformed.person as x on a.person_id = x.person_id
    inner join conformed.person as y on a.nearest_person_id = y.person_id
),

apart as (
    select p.person_id, p.nearest_person_id
    from pair as p
    semi join conformed.child as a on p.person_id = a.person_id
    semi join conformed.child as b on p.nearest_person_id = b.person_id
    union
    select p.person_id, p.nearest_person_id
    from pair as p
    inner join conformed.record as a on p.person_id = a.person_id and a.is_live
    inner join conformed.record as b on p.nearest_person_id = b.person_id and b.is_live and a.period = b.period
),

close as (
    select distinct p.person_id, p.nearest_person_id
    from pair as p
    inner join spelled as a on p.person_id = a.person_id
    inner join spelled as b on p.nearest_person_id = b.person_id
    where array_length(list_filter(range(1, 19), lambda k: substr(a.number, k, 1) <> substr(b.number, k, 1))) <= 2
),

graded as (
    select
        p.person_id, p.nearest_person_id,
        case
            when p.same_name and c.person_id is not null then 1
            when p.same_name and p.same_birth and p.same_sex then 2
            when p.near_name and p.same_birth and c.person_id is not null then 2
            when p.same_name and here.township = there.township
                and (p.same_birth or (p.birth_digits <= 2 and p.same_sex)) then 3
        end as likeness
    from pair as p
    inner join conformed.place as here on p.person_id = here.person_id
    inner join conformed.place as there on p.nearest_person_id = there.person_id
    left join close as c on p.person_id = c.person_id and p.nearest_person_id = c.nearest_person_id
    anti join apart as a on p.person_id = a.person_id and p.nearest_person_id = a.nearest_person_id
),

worded as (
    select
        g.person_id, g.nearest_person_id, g.likeness, true as is_proposed, false as is_linked,
        case g.likeness when 1 then '高' when 2 then '较高' else '中' end as confidence,
        case g.likeness when 1 then '姓名相同、证件号仅差一两位' when 2 then '姓名、性别、出生日期相同而证件号不同'
            else '同镇街、姓名相同、出生日期相近' end as nearest_how,
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
