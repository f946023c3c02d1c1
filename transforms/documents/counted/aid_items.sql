-- One row per item of aid paid in the period: pupils reached, payments, and yuan.
select
    a.aid_item as item,
    count(distinct link.person_id) as pupils,
    count(*) as payments,
    sum(a.amount)::decimal(18, 2) as amount
from validated.aid as a
left join conformed.link as link on a.identity = link.identity
where a.paid_on between $first_day and $as_of
group by a.aid_item
order by pupils desc, a.aid_item
