-- One row per school where pupils count, entry grade and entry year: entrants and what moved since; NULL is
-- not reported.
with latest as (
    select *
    from validated.cohort
    qualify row_number() over (
        partition by school_code, entry_grade, entry_year
        order by period desc, data_as_of desc nulls last, file_id desc
    ) = 1
)

select
    s.counts_at as school_code,
    l.entry_grade,
    l.entry_year,
    sum(l.entrants)::integer as entrants,
    case when count(l.year_start_count) = count(*) then sum(l.year_start_count) end::integer
        as year_start_count,
    -- any of the four missing: no net figure, never 0
    case
        when count(l.moved_in_total + l.moved_out_total + l.died_total + l.abroad_total) = count(*)
            then sum(l.moved_in_total - l.moved_out_total - l.died_total - l.abroad_total)
    end::integer as moved_net
from latest as l
inner join conformed.school as s on l.school_code = s.school_code
group by s.counts_at, l.entry_grade, l.entry_year
