-- One row per unenrolled child who lives here with a household elsewhere (随迁子女未入学). Rules page: migrant_out.md.
select u.person_id, u.school_code, u.grade, u.stage, u.matched_by
from compared.unenrolled as u
inner join conformed.child as c on u.person_id = c.person_id
where c.hukou_status = '非本区户籍常住'
