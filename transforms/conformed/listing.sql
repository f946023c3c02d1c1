-- One row per row of a suspect list that can be told apart: whom it names, and where it puts the child.
with told as (
    select
        coalesce(link.person_id, line.person_id) as person_id,
        coalesce(link.matched_by, line.matched_by) as matched_by,
        s.batch,
        s.issued_on,
        s.verify_by,
        s.suspect_source,
        s.township,
        s.village,
        coalesce(school.counts_at, named.counts_at) as school_code,
        -- a list dated after the period it came in waits for its own (contract §1)
        greatest(s.period, coalesce(year(s.issued_on)::varchar || '-B' || ((month(s.issued_on) + 1) // 2)::varchar, ''))
        as listed_in
    from validated.suspect as s
    left join conformed.link as link on s.identity = link.identity
    left join conformed.link as line on concat('S|', s.batch, '|', s.name, '|', s.former_school_code) = line.identity
    left join conformed.school as school on s.former_school_code = school.school_code
    left join conformed.school as named on s.former_school_name = named.school_name
    where coalesce(link.person_id, line.person_id) is not null
)

select
    person_id, matched_by, batch, issued_on, verify_by, suspect_source, township, village, school_code, listed_in
from told
where listed_in <= $period
