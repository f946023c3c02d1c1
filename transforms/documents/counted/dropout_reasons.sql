-- One row per reason of dropping out, as the last visit that gave one says: who is still out, who is back.
with reason as (
    select coalesce(c.person_id, link.person_id) as person_id, v.dropout_reason
    from validated.persuasion as v
    left join conformed.link as link on v.identity = link.identity
    left join cases.standing as c on v.case_no = c.case_no
    where v.visited_on <= $as_of and v.dropout_reason is not null
    qualify row_number() over (
        partition by coalesce(c.person_id, link.person_id) order by v.visited_on desc, v.period desc, v.source_row desc
    ) = 1
)

select
    coalesce(r.dropout_reason, '未填写原因') as reason,
    count(*) filter (where s.state <> '复学跟踪') as still_out,
    count(*) filter (where s.state = '复学跟踪') as back,
    count(*) as children
from cases.standing as s
left join reason as r on s.person_id = r.person_id
where s.state in ('劝返中', '失联', '复学跟踪')
group by coalesce(r.dropout_reason, '未填写原因')
order by reason = '未填写原因', children desc, reason
