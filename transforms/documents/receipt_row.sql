-- One row per line of a returned form that came in this period: whom it names, what it says, and what came of it.
with said as (
    select file_id, sheet, source_row, identity, verified_on as said_on, verification_result as answer,
        verification_result as says, coalesce(evidence, registry_number_elsewhere) is not null as has_evidence,
        reviewer is not null as is_reviewed
    from validated.verification where period = $period
    union all by name
    select file_id, sheet, source_row, identity, visited_on as said_on, visit_result as answer,
        case
            when visit_result in ('已复学', '失联') then visit_result
            when dropped_out_on is not null then '确认辍学'
            else visit_result
        end as says,
        false as has_evidence, false as is_reviewed
    from validated.persuasion where period = $period
    union all by name
    select file_id, sheet, source_row, identity, issued_on as said_on, coalesce(suspect_type, '列入名单') as answer,
        township as told_township
    from validated.suspect where period = $period
    union all by name
    select file_id, sheet, source_row, identity, concat(left(month, 4), '年', right(month, 2)::integer, '月 ', presence_status) as answer
    from validated.absentee where period = $period
    union all by name
    select
        r.file_id, r.sheet, r.source_row,
        concat(left(r.month, 4), '年', right(r.month, 2)::integer, '月 ',
            substr('一二三四五六七八九', r.grade::integer, 1), '年级', class_key(r.class_name), '班 在籍', r.enrolled_count, '在校', r.present_count,
            case when not c.closes then '（与名单标注人数不符）' end) as answer
    from validated.class_roll as r
    inner join conformed.school as school on r.school_code = school.school_code
    left join conformed.class_month as c
        on school.counts_at = c.school_code and r.month = c.month and r.grade = c.grade
        and class_key(r.class_name) = c.class_name
    where r.period = $period
),

case_person as (
    select o.case_no, p.person_id
    from cases.opening as o inner join conformed.person as p on o.child_key = p.child_key
),

known as (
    select
        line.*, said.said_on, said.answer, said.says, said.has_evidence, said.is_reviewed, said.told_township, named.person_id as named_person,
        coalesce(own_id.person_id, case when link.matched_by = 'id' then link.person_id end) as id_person,
        link.person_id as linked_person
    from validated.form_line as line
    left join said
        on line.file_id = said.file_id and line.sheet = said.sheet and line.source_row = said.source_row
    left join conformed.link as link on said.identity = link.identity
    left join conformed.person as own_id on line.id_number = own_id.id_number
    left join case_person as named on line.case_no = named.case_no
    where line.period = $period
),

settled as (
    -- as conformed.heard decides: a valid id, then the case number, then whatever else the row matched by
    select *, coalesce(id_person, named_person, linked_person) as person_id from known
),

newest_case as (
    select p.person_id, c.case_no, c.state
    from cases."case" as c inner join conformed.person as p on c.child_key = p.child_key
    qualify row_number() over (partition by p.person_id order by c.opened_on desc, c.case_no desc) = 1
),

known_before as (
    -- said already, with as much evidence and as much of a signature: nothing new
    select distinct s.file_id, s.sheet, s.source_row
    from settled as s
    inner join conformed.statement as heard
        on s.person_id = heard.person_id and s.says = heard.says and s.said_on = heard.said_on
    where heard.learned_in < $period and heard.has_evidence >= s.has_evidence and heard.is_reviewed >= s.is_reviewed
)

select
    s.extract, s.file_id, s.sheet, s.source_row, s.fate, s.case_no, s.name, s.answer, s.said_on, s.person_id,
    s.case_no is not null and s.named_person is null as case_is_unknown,
    coalesce(s.named_person <> s.id_person, false) as case_is_anothers,
    coalesce(person.name <> s.name, false) as name_differs,
    before.file_id is not null as was_known,
    coalesce(s.said_on > $as_of, false) as is_early,
    c.case_no as case_now, c.state, place.school_code, place.township, s.told_township
from settled as s
left join conformed.person as person on s.person_id = person.person_id
left join conformed.place as place on s.person_id = place.person_id
left join newest_case as c on s.person_id = c.person_id
left join known_before as before
    on s.file_id = before.file_id and s.sheet = before.sheet and s.source_row = before.source_row
order by s.file_id, s.sheet, s.source_row
