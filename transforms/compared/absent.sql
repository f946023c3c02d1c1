-- One row per 在读 pupil who is not in school in the last month that owes attendance for the grade (籍在人不在).
with last_month as (
    select *
    from conformed.presence
    qualify row_number() over (partition by person_id order by month desc) = 1
)

select
    p.person_id,
    p.school_code,
    p.grade,
    e.stage,
    e.matched_by
from last_month as p
inner join conformed.enrolment as e on p.person_id = e.person_id
inner join compared.school_month as m on p.school_code = m.school_code and p.month = m.month and not m.silent
left join conformed.explanation as x on p.person_id = x.person_id and x.explanation <> '在校就读'
where
    x.person_id is null
    and (
        p.state_in_month in ('不在名单', '离校未归')
        or (p.state_in_month = '无故缺勤' and coalesce(p.unexcused_run >= $unexcused_days, true))
    )
