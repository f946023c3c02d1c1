-- One row per fault that a school is assessed by: a child out at the end, a month without a report, a register that
-- does not agree, a clue to a veto.
with missing_month as (
    -- the months of this period, and those of the year's earlier periods from what was published of them
    select school_code, denominator - numerator as months
    from indicators.value
    where indicator = 'submission_rate' and period = $period and area_level = 'school'
        and (stage, grade, population_group) = ('all', 'all', 'all')
    union all
    select school_code, denominator - numerator as months
    from validated.earlier_value
    where indicator = 'submission_rate' and period >= $school_year::varchar || '-B5' and area_level = 'school'
        and (stage, grade, population_group) = ('all', 'all', 'all')
),

told_present as (
    -- the class list named the pupil in school in a month after the child was found to have dropped out
    select distinct p.person_id, p.school_code
    from indicators.case_child as c
    inner join conformed.presence as p
        on c.person_id = p.person_id and p.month > strftime(c.confirmed_on, '%Y-%m') and p.state_in_month = '在校'
    where c.state in ('劝返中', '失联')
),

faults as (
    select school_code, 'out_at_end' as assessment_item, 1 as faults
    from cases."case"
    where state in ('劝返中', '失联')
    union all
    select school_code, 'reports' as assessment_item, months as faults from missing_month
    union all
    select school_code, 'registers' as assessment_item, 1 as faults
    from compared.finding
    where comparison in ('no_registry', 'duplicate_registry', 'name_mismatch')
    union all
    select school_code, 'registers' as assessment_item, 1 as faults from conformed.class_month where not closes
    union all
    select school_code, case comparison when 'absent' then 'veto_absent' else 'veto_elsewhere' end as assessment_item, 1 as faults
    from compared.finding
    where comparison in ('absent', 'elsewhere')
    union all
    select school_code, 'veto_told_present' as assessment_item, 1 as faults from told_present
)

select school_code, assessment_item, sum(faults)::bigint as faults
from faults
where school_code is not null
group by school_code, assessment_item
