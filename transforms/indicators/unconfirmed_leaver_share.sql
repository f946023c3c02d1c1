-- One row per pupil of the year who is no longer on the roll; not graduates, not deaths, and nobody whose row is set aside.
-- Rules page: unconfirmed_leaver_share.md.
with graduate as (
    -- who finished primary school and was not seen in a junior school since: transition_rate follows them
    select person_id from conformed.completion where completed_grade = 9
    union
    select done.person_id
    from conformed.completion as done
    anti join conformed.record as r
        on done.person_id = r.person_id and r.stage = 'junior' and r.period >= $school_year::varchar || '-B5'
    where done.completed_grade = 6
),

settled as (
    -- a finished movement, or a verification that says where the child is
    select person_id from conformed.explanation
    union
    -- 转出 已办结 even where it names no receiver: it explains nobody, but it is not unconfirmed either
    select link.person_id
    from validated.movement as m
    inner join conformed.link as link on m.identity = link.identity
    where
        m.movement_type = '转出' and coalesce(m.movement_state, '已办结') = '已办结'
        and m.moved_on between make_date($school_year::integer, 9, 1) and $as_of
    union
    select person_id
    from conformed.statement
    where
        said_on >= make_date($school_year::integer, 9, 1)
        and (
            (statement_kind = 'movement' and says not in ('转入', '复学'))
            or (statement_kind = 'verification' and has_evidence and says not in ('失联', '其他'))
        )
)

select
    m.person_id,
    m.school_code,
    m.stage,
    m.grade,
    s.person_id is null as in_numerator,
    null::boolean as in_low,
    null::boolean as in_high
from indicators.membership as m
anti join conformed.enrolment as e on m.person_id = e.person_id
anti join graduate as g on m.person_id = g.person_id
-- set aside in the registry: that a row is at fault does not make its child a leaver (contract §4)
anti join compared.set_aside as q on m.person_id = q.person_id
left join settled as s on m.person_id = s.person_id
where coalesce(m.left_as, '') <> '死亡'
