-- One row per entitled 在读 pupil. Rules page: aid_coverage_rate.md.
with term as (
    -- 秋季 September to January, 春季 February to August; the term of the period's first day
    select
        case
            when month($first_day) >= 9 then make_date(year($first_day), 9, 1)
            when month($first_day) = 1 then make_date(year($first_day) - 1, 9, 1)
            else make_date(year($first_day), 2, 1)
        end as begins
),

aided as (
    select distinct link.person_id
    from validated.aid as a
    inner join conformed.link as link on a.identity = link.identity
    cross join term as t
    where
        a.amount > 0 and a.paid_on <= $as_of
        and a.paid_on >= t.begins and a.paid_on < t.begins + to_months(case month(t.begins) when 9 then 5 else 7 end)
)

select
    e.person_id,
    e.school_code,
    e.stage,
    e.grade,
    a.person_id is not null as in_numerator,
    null::boolean as in_low,
    null::boolean as in_high
from conformed.enrolment as e
inner join conformed.groups as g on e.person_id = g.person_id
left join aided as a on e.person_id = a.person_id
where
    e.registry_status = '在读'
    and list_has_any(g.population_groups, ['monitored', 'orphan', 'disabled', 'in_difficulty'])
