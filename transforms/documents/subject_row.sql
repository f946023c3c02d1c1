-- One row per child that gets a file of its own, with what its registers say. Names and numbers: the work file only.
with registry as (
    select link.person_id, r.* exclude (identity)
    from validated.registry as r inner join conformed.link as link on r.identity = link.identity
    qualify row_number() over (partition by link.person_id order by r.period desc, r.file_id, r.source_row) = 1
),

child as (
    select link.person_id, c.hukou_status, c.address, c.guardian_relation
    from validated.child as c inner join conformed.link as link on c.identity = link.identity
    qualify row_number() over (
        partition by link.person_id
        order by c.period desc, coalesce(c.roster_source, '公安户籍') = '公安户籍' desc, c.file_id, c.source_row
    ) = 1
),

household as (
    select link.person_id, max(m.household_type) as household_type
    from validated.monitored as m inner join conformed.link as link on m.identity = link.identity
    where not coalesce(m.is_risk_gone, false)
    group by link.person_id
),

care as (
    select
        link.person_id,
        string_agg(distinct c.care_kind, '、' order by c.care_kind) as care_kinds,
        max(c.entrusted_carer) as entrusted_carer
    from validated.care as c inner join conformed.link as link on c.identity = link.identity
    group by link.person_id
),

disabled as (
    select link.person_id, d.* exclude (identity)
    from validated.disabled as d inner join conformed.link as link on d.identity = link.identity
    qualify row_number() over (partition by link.person_id order by d.period desc, d.file_id, d.source_row) = 1
)

select
    w.person_id, w.name, w.sex, w.birth_date, w.id_number, w.registry_number, w.ethnicity, w.id_type, w.guardian, w.phone,
    coalesce(c.address, w.address) as address, coalesce(r.guardian_relation, c.guardian_relation) as guardian_relation,
    c.hukou_status, p.township, p.village, p.school_code, school.school_name, p.grade, e.class_name, e.registry_status,
    r.entry_month, r.hukou_type, r.boarding, r.left_behind, r.is_migrant_worker_child, r.is_orphan, r.is_home_taught,
    r.inclusive_class, h.household_type, care.care_kinds, care.entrusted_carer,
    d.person_id is not null as is_disabled, d.disability_kind, d.disability_grade, d.disability_number, d.placement,
    d.assessed_on, d.assessment, d.home_lessons, placed.school_name as placement_school, o.person_id is not null as is_unplaced,
    coalesce(age.is_school_age, e.is_school_age, false) as is_school_age
from paper_subject as s
inner join paper_person as w on s.person_id = w.person_id
inner join conformed.place as p on s.person_id = p.person_id
left join conformed.school as school on p.school_code = school.school_code
left join conformed.enrolment as e on s.person_id = e.person_id
left join conformed.child as age on s.person_id = age.person_id
left join registry as r on s.person_id = r.person_id
left join child as c on s.person_id = c.person_id
left join household as h on s.person_id = h.person_id
left join care on s.person_id = care.person_id
left join disabled as d on s.person_id = d.person_id
left join conformed.school as placed on d.placement_school_code = placed.school_code
left join compared.disabled_out as o on s.person_id = o.person_id
order by p.township nulls last, p.village nulls last, w.child_key
