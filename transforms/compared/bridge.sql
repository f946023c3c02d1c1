-- One row per pair of registers and reason: every child of the first register stands under exactly one reason.
select $period as period, $version::integer as version, from_register, to_register, reason, count(*)::integer as children
from compared.bridge_child
group by from_register, to_register, reason
