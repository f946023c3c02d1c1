-- One row per entitled pupil in school without aid for the term, once its pay-by day has passed. Rules page: unaided.md.
with term as (
    -- 秋季 is September to January, 春季 February to August (contract §1): the term of the period's first day
    select
        case
            when month($first_day) >= 9 then make_date(year($first_day), 9, 1)
            when month($first_day) = 1 then make_date(year($first_day) - 1, 9, 1)
            else make_date(year($first_day), 2, 1)
        end as begins
),

due as (
    select begins, last_day(begins + to_months(($aid_pay_by_months - 1)::integer)) as pay_by from term
),

paid as (
    select distinct link.person_id
    from validated.aid as a
    inner join conformed.link as link on a.identity = link.identity
    cross join due as d
    where
        a.amount > 0 and a.paid_on <= $as_of
        and a.paid_on >= d.begins and a.paid_on < d.begins + to_months(case month(d.begins) when 9 then 5 else 7 end)
)

select e.person_id, e.school_code, e.grade, e.stage, e.matched_by
from conformed.enrolment as e
inner join conformed.groups as g on e.person_id = g.person_id
inner join compared.coverage as c on c.comparison = 'unaided' and c.reported
inner join due as d on $as_of >= d.pay_by
anti join paid as p on e.person_id = p.person_id
where
    e.registry_status = '在读'
    and list_has_any(g.population_groups, ['monitored', 'orphan', 'disabled', 'in_difficulty'])
