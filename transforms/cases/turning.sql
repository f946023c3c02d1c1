-- One row per turn that a case takes without anybody's word: absent again, or watched to the end. Kept in the lake.
with school_day as (
    select day, row_number() over (order by day) as nth from validated.school_day
),

seen as (
    select
        o.case_no, o.person_id, o.returned_on, o.watched_until, p.month, p.state_in_month, p.unexcused_run,
        coalesce(a.absent_from, case when (p.month || '-01')::date > o.returned_on then (p.month || '-01')::date end)
        as absent_from,
        row_number() over (partition by o.case_no order by p.month desc) = 1 as is_last
    from cases.observation as o
    inner join conformed.presence as p on o.person_id = p.person_id
    left join (
        select person_id, month, min(absent_from) as absent_from
        from conformed.absence where presence_status in ('无故缺勤', '离校未归') group by person_id, month
    ) as a on o.person_id = a.person_id and p.month = a.month
    where last_day((p.month || '-01')::date) >= o.returned_on
),

away as (
    -- an absence that began before the return is the one the child came back from
    select s.*, d.nth + case when s.state_in_month = '无故缺勤' then $observation_relapse_days::integer - 1 else 0 end as nth
    from seen as s
    asof left join school_day as d on s.absent_from <= d.day
    where
        s.absent_from >= s.returned_on
        and (
            s.state_in_month = '离校未归'
            or (s.state_in_month = '无故缺勤' and coalesce(s.unexcused_run >= $observation_warning_days, true))
        )
),

turned as (
    select a.case_no, a.person_id, coalesce(d.day, $as_of) as turned_on,
        case
            when a.state_in_month = '无故缺勤' and a.unexcused_run < $observation_relapse_days then '复学预警' else '再次离校'
        end as turn
    from away as a
    left join school_day as d on a.nth = d.nth
    union all
    select s.case_no, s.person_id, greatest(s.watched_until, $first_day) as turned_on, '观察期满' as turn
    from seen as s
    anti join away as a on s.case_no = a.case_no
    where s.is_last and s.state_in_month in ('在校', '请假') and s.watched_until <= $as_of
)

select case_no, child_key, turned_in, turned_on, turn
from validated.earlier_turning
union all
select t.case_no, p.child_key, $period as turned_in, min(t.turned_on)::date as turned_on, t.turn
from turned as t
inner join conformed.person as p on t.person_id = p.person_id
group by t.case_no, p.child_key, t.turn
