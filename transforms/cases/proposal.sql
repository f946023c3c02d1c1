-- One row per comparison and child it proposed this school year: the cause proposed first, and what verification made of both.
with found as (
    select comparison, child_key, period, likely_cause from validated.earlier_proposal
    union all
    select comparison, child_key, period, likely_cause from compared.finding
),

proposed as (
    select f.comparison, a.person_id, f.period, f.likely_cause
    from found as f
    inner join conformed.alias as a on f.child_key = a.child_key
    union all
    -- a line whose case was closed in the very period it came in is no finding, and yet was proposed
    select 'listed' as comparison, person_id, listed_in as period, null as likely_cause
    from conformed.listing
),

first_proposed as (
    select
        comparison, person_id, min(period) as found_in,
        arg_min(likely_cause, period || likely_cause) as likely_cause
    from proposed
    where period >= $school_year::varchar || '-B5'
    group by comparison, person_id
),

-- what was said before a list came out only pre-fills the proposed result
listed_on as (
    select person_id, min(issued_on) as issued_on from conformed.listing group by person_id
),

verified as (
    -- the first period that brought a word decides; in it the later day, then the higher unit
    select p.comparison, p.person_id, s.says
    from first_proposed as p
    inner join conformed.statement as s on p.person_id = s.person_id and s.learned_in >= p.found_in
    -- the condition stands in the key: beside it, every proposal would be tried with every listed child
    left join listed_on as l on case when p.comparison = 'listed' then p.person_id end = l.person_id
    where
        s.statement_kind <> 'movement' and s.has_evidence and s.says not in ('其他', '未返校', '承诺复学', '已复学')
        and (l.issued_on is null or s.said_on >= l.issued_on)
    qualify row_number() over (
        partition by p.comparison, p.person_id
        order by s.learned_in, s.said_on desc, s.unit_rank desc, s.statement_kind, s.says
    ) = 1
)

select
    p.person_id, p.comparison, p.found_in, p.likely_cause, v.says,
    -- a comparison that no verification result proves (a doubled record, say) is not judged by one
    case when v.says is not null and d.proposed is not null then rule.says is not null end as is_confirmed,
    case when v.says is not null and p.likely_cause is not null then cause.says is not null end as cause_confirmed
from first_proposed as p
left join verified as v on p.comparison = v.comparison and p.person_id = v.person_id
left join (select distinct proposed from validated.verdict) as d on p.comparison = d.proposed
left join validated.verdict as rule on rule.proposed = p.comparison and v.says = rule.says
left join validated.verdict as cause on cause.proposed = p.likely_cause and v.says = cause.says
