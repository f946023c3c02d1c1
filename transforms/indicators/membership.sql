-- One row per pupil on the roll of school year Y: the start roll and those moved in since (contract §8).
with snapshot as (
    select
        max(period) filter (where period < $school_year::varchar || '-B5') as year_before,
        min(period) filter (where period >= $school_year::varchar || '-B5') as first_of_year
    from conformed.record
),

of_year as (
    -- grade and stage of the first record of Y, school of the last one
    select
        r.person_id,
        min(r.period) as first_period,
        arg_min(r.grade, r.period) as grade,
        arg_max(r.school_code, r.period) as school_code
    from conformed.record as r
    cross join snapshot as s
    where r.is_chosen and r.period >= s.first_of_year
    group by r.person_id
),

from_year_before as (
    select r.person_id, least(r.grade::integer + 1, 9)::varchar as grade, r.school_code
    from conformed.record as r
    inner join snapshot as s on r.period = s.year_before
    left join conformed.completion as done
        on r.person_id = done.person_id and done.completed_grade = 9
        and done.first_period <= $school_year::varchar || '-B5'
    where r.is_chosen and done.person_id is null
),

member as (
    select
        coalesce(y.person_id, b.person_id) as person_id,
        coalesce(y.school_code, b.school_code) as school_code,
        coalesce(y.grade, b.grade) as grade,
        coalesce(s.year_before, s.first_of_year) as start_period,
        b.person_id is null
        and not (y.first_period = s.first_of_year and (s.year_before is null or y.grade = '1')) as moved_in
    from of_year as y
    full join from_year_before as b on y.person_id = b.person_id
    cross join snapshot as s
)

select
    m.person_id,
    m.school_code,
    m.grade,
    case when m.grade <= '6' then 'primary' else 'junior' end as stage,
    m.start_period,
    m.moved_in,
    case
        when x.explanation in ('外地就读有学籍', '外地就读无学籍') then '转出'
        when x.explanation in ('死亡', '出国(境)') then x.explanation
    end as left_as,
    coalesce(p.state in ('劝返中', '失联'), false)
    or (e.person_id is null and x.person_id is null and done.person_id is null) as is_lost,
    coalesce(p.unresolved, false) or coalesce(x.on_review_list, false) or (a.person_id is not null and e.person_id is null) as unresolved
from member as m
left join conformed.enrolment as e on m.person_id = e.person_id
left join conformed.explanation as x on m.person_id = x.person_id
left join conformed.completion as done on m.person_id = done.person_id and done.completed_grade = 9
left join cases.person_state as p on m.person_id = p.person_id
left join compared.set_aside as a on m.person_id = a.person_id
