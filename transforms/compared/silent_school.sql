-- One row per school and month without a usable report, or with too few of its live records accounted for.
select period, version, school_code, month, expected, accounted
from compared.school_month
where silent
