-- One row per child of school age in the 底册: the one reason that says where the child is (contract §5, §8).
with delivered as (
    select school_code, period from validated.registry
    union
    select school_code, period from validated.quarantined where extract = 'registry'
),

last_delivery as (
    select school_code, max(period) as period from delivered group by school_code
),

kept_out as (
    select q.id_number, q.name, q.birth_date
    from validated.quarantined as q
    inner join last_delivery as l on l.school_code is not distinct from q.school_code and q.period = l.period
    where q.extract = 'registry'
),

quarantined as (
    -- a quarantined registry row still explains its child by id, or by name and birth date (contract §4): a join each, as
    -- one join on either would try every child with every row
    select p.person_id
    from kept_out as q
    inner join conformed.person as p on q.id_number = p.id_number
    union
    select p.person_id
    from kept_out as q
    inner join conformed.person as p on q.name = p.name and q.birth_date = p.birth_date
)

select
    c.person_id,
    case
        when c.left_roster_as is not null then '底册' || c.left_roster_as
        when x.explanation in ('死亡', '出国(境)', '户籍迁出', '户籍或证件错误', '重复信息') then x.explanation
        when e.person_id is not null then '本区在籍'
        when done.person_id is not null then '初中已毕业'
        when x.explanation is not null then x.explanation
        when q.person_id is not null then '数据隔离'
        else '适龄未入学'
    end as why,
    q.person_id is not null and e.person_id is null as is_quarantined,
    coalesce(x.on_review_list, false) as on_review_list
from conformed.child as c
left join conformed.enrolment as e on c.person_id = e.person_id
left join conformed.explanation as x on c.person_id = x.person_id
left join conformed.completion as done on c.person_id = done.person_id and done.completed_grade = 9
left join quarantined as q on c.person_id = q.person_id
where c.is_school_age
