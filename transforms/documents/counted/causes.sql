-- One row per likely cause: how many each of the comparisons that propose one found.
select
    coalesce(likely_cause, '无线索') as cause,
    count(*) filter (where comparison = 'unenrolled') as unenrolled,
    count(*) filter (where comparison = 'absent') as absent,
    count(*) filter (where comparison = 'unaccounted') as unaccounted,
    count(*) filter (where comparison = 'transition_gap') as transition_gap,
    count(*) filter (where comparison = 'listed') as listed
from compared.finding
where
    period = $period and version = $version
    and comparison in ('unenrolled', 'absent', 'unaccounted', 'transition_gap', 'listed')
group by coalesce(likely_cause, '无线索')
order by cause = '疑似辍学', count(*) desc, cause
