-- One row per limit on a school's work that junior and primary schools were checked against, worst first.
select
    limit_title,
    count(distinct school_code || month || coalesce(grade_band, '')) as checked,
    count(distinct school_code || month || coalesce(grade_band, '')) filter (where is_breach) as breaches,
    count(distinct school_code) filter (where is_breach) as schools,
    count(distinct school_code) filter (where is_breach and grade_band = '初中') as junior_schools
from compared.work_check
where period = $period and version = $version
group by limit_title
order by breaches desc, limit_title
