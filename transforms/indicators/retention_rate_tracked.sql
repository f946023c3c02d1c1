-- One row per pupil of the first cohort of grade 1 (grade 7) that the lake holds.
-- Rules page: retention_rate_tracked.md.
with cohort as (
    -- followed by person, from the first snapshot on
    select link.person_id, min(r.grade) as grade, arg_min(s.counts_at, r.grade) as school_code
    from validated.registry as r
    inner join conformed.link as link on r.identity = link.identity
    inner join conformed.school as s on r.school_code = s.school_code
    where
        r.period = (select min(period) from validated.registry)
        and r.grade in ('1', '7') and coalesce(r.registry_status, '在读') in ('在读', '休学', '转出中')
    group by link.person_id
),

last_school as (
    select person_id, arg_max(school_code, period) as school_code
    from conformed.record
    where is_chosen
    group by person_id
),

followed as (
    select
        c.person_id,
        coalesce(l.school_code, c.school_code) as school_code,
        case c.grade when '1' then 'primary' else 'junior' end as stage,
        e.person_id is not null or done.person_id is not null
        or coalesce(
            x.explanation in ('外地就读有学籍', '外地就读无学籍', '在校就读', '中职就读', '待升学', '已毕业'), false
        ) as is_kept,
        coalesce(x.explanation, '') as explanation,
        coalesce(p.unresolved, false) or coalesce(x.on_review_list, false)
        or (a.person_id is not null and e.person_id is null) as unresolved
    from cohort as c
    left join last_school as l on c.person_id = l.person_id
    left join conformed.enrolment as e on c.person_id = e.person_id
    left join conformed.explanation as x on c.person_id = x.person_id
    left join conformed.completion as done on c.person_id = done.person_id and done.completed_grade = 9
    left join cases.person_state as p on c.person_id = p.person_id
    left join compared.set_aside as a on c.person_id = a.person_id
)

select
    person_id,
    school_code,
    stage,
    null::varchar as grade,
    is_kept as in_numerator,
    is_kept and not unresolved as in_low,
    is_kept or unresolved as in_high
from followed
where explanation not in ('死亡', '出国(境)')
