-- One row per case in 复学跟踪 by its last word: from when to when it is watched. Holidays pause it.
with told as (
    select *, lag(state) over (partition by case_no order by nth) as state_before,
        nth = max(nth) over (partition by case_no) as is_last
    from cases.heard
),

watched as (
    -- a second word of the same return does not start the watch again
    select t.case_no, t.person_id, t.returned_on
    from told as t
    semi join told as now on t.case_no = now.case_no and now.is_last and now.state = '复学跟踪'
    -- what completion or over-age closed before is watched no more
    left join cases.before as b on t.case_no = b.case_no
    where t.state = '复学跟踪' and t.state_before is distinct from '复学跟踪' and coalesce(b.is_open, true)
    qualify row_number() over (partition by t.case_no order by t.nth desc) = 1
),

spanned as (
    select
        w.case_no, w.person_id, w.returned_on, t.last_day as term_ends,
        coalesce(d.seq, -1) + $observation_days::integer as last_seq
    from watched as w
    asof left join validated.term as t on w.returned_on <= t.last_day
    asof left join validated.term_day as d on w.returned_on >= d.day
)

select
    s.case_no,
    s.person_id,
    s.returned_on,
    -- beyond the school calendar the end is unknown: the watch goes on
    case when d.day is not null and s.term_ends is not null then greatest(d.day, s.term_ends) end as watched_until
from spanned as s
left join validated.term_day as d on s.last_seq = d.seq
