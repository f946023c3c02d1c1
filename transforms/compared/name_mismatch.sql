-- One row per person whose id stands with different names, sexes or birth dates in two registers. Rules page: name_mismatch.md.
with told as (
    select '底册' || coalesce(roster_source, '公安户籍') as register, identity, id_number, name, sex, birth_date, period
    from validated.child
    union all
    select '学籍' as register, identity, id_number, name, sex, birth_date, period from validated.registry
    union all
    select '新生' as register, identity, id_number, name, sex, birth_date, period from validated.intake
    union all
    select '脱贫监测' as register, identity, id_number, name, null as sex, null as birth_date, period from validated.monitored
    union all
    select '残疾' as register, identity, id_number, name, null as sex, null as birth_date, period from validated.disabled
    union all
    select '关爱' as register, identity, id_number, name, null as sex, null as birth_date, period from validated.care
),

told_of as materialized (
    select t.*, link.person_id
    from told as t
    inner join conformed.link as link on t.identity = link.identity
    where t.id_number is not null
),

ever_differing as (
    select person_id
    from told_of
    group by person_id
    having min(name) <> max(name) or min(sex) <> max(sex) or min(birth_date) <> max(birth_date)
),

last_told as (
    -- what a register said before and has put right is no difference
    select *
    from told_of semi join ever_differing using (person_id)
    qualify period = max(period) over (partition by person_id, register)
),

differing as (
    select person_id
    from last_told
    group by person_id
    having count(distinct name) > 1 or count(distinct sex) > 1 or count(distinct birth_date) > 1
)

select d.person_id, p.school_code, e.grade, e.stage, 'id' as matched_by
from differing as d
inner join conformed.place as p on d.person_id = p.person_id
left join conformed.enrolment as e on d.person_id = e.person_id
