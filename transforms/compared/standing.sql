-- One row per child of school age in the 底册: the one reason that says where the child is (contract §5, §8).
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
left join compared.set_aside as q on c.person_id = q.person_id
where c.is_school_age
