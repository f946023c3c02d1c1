-- One row per ledger and child on it at the end of the period (contract §6: ledgers).
with on_ledger as (
    select 'school_age' as ledger, child_key from conformed.child where is_school_age
    union
    select
        case
            when state in ('待核实', '待补佐证', '外地就读待转学') then 'suspected'
            when state in ('劝返中', '失联', '复学跟踪') then 'dropout'
            else 'tracked'
        end as ledger,
        child_key
    from cases.standing
    where state <> '已销号'
)

select $period as period, $version::integer as version, ledger, child_key
from on_ledger
