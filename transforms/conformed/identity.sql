-- One row per spelling of an identity: id, 学籍号, name, sex, birth date as some extract gives them together.
with spelled as (
    select identity, id_number, id_number_given, null::varchar as registry_number, name, sex, birth_date, period from validated.child
    union all
    select identity, id_number, id_number_given, registry_number, name, sex, birth_date, period from validated.registry
    union all
    select identity, id_number, id_number_given, registry_number, name, null::varchar as sex, null::date as birth_date, period from validated.attendance
    union all
    select identity, id_number, id_number_given, registry_number, name, null::varchar as sex, null::date as birth_date, period from validated.absentee
    union all
    select identity, id_number, id_number_given, registry_number, name, null::varchar as sex, null::date as birth_date, period from validated.movement
    union all
    select identity, id_number, id_number_given, null::varchar as registry_number, name, null::varchar as sex, null::date as birth_date, period from validated.monitored
    union all
    select identity, id_number, id_number_given, null::varchar as registry_number, name, null::varchar as sex, null::date as birth_date, period from validated.disabled
    union all
    select identity, id_number, id_number_given, null::varchar as registry_number, name, null::varchar as sex, null::date as birth_date, period from validated.care
    union all
    select identity, id_number, id_number_given, registry_number, name, sex, birth_date, period from validated.suspect
    union all
    -- a line on a list that leads to nobody stands under batch, name and school until matched (contract §3)
    select concat('S|', batch, '|', name, '|', former_school_code) as identity, null as id_number, null as id_number_given,
        null as registry_number, name, sex, null as birth_date, period
    from validated.suspect
    where id_number is null and registry_number is null and birth_date is null
    union all
    select identity, id_number, id_number_given, null::varchar as registry_number, name, null::varchar as sex, null::date as birth_date, period from validated.verification
    union all
    select identity, id_number, id_number_given, null::varchar as registry_number, name, null::varchar as sex, null::date as birth_date, period from validated.persuasion
    union all
    select identity, id_number, id_number_given, registry_number, name, null::varchar as sex, null::date as birth_date, period from validated.aid
    union all
    select identity, id_number, id_number_given, null::varchar as registry_number, name, sex, birth_date, period from validated.intake
    union all
    select identity, id_number, id_number_given, null::varchar as registry_number, name, null::varchar as sex, null::date as birth_date, period from validated.vocational
    union all
    select identity, id_number, id_number_given, registry_number, name, null::varchar as sex, null::date as birth_date, period from validated.exam_registration
    union all
    select identity, id_number, id_number_given, null::varchar as registry_number, name, null::varchar as sex, null::date as birth_date, period from validated.platform
    union all
    -- a case keeps whose it is, though every file that named the child were replaced
    select identity, id_number, id_number_given, registry_number, name, sex, birth_date, opened_in as period
    from validated.earlier_opening
    where identity is not null
)

select
    identity,
    any_value(id_number) as id_number,
    any_value(id_number_given) as id_number_given,
    any_value(registry_number) as registry_number,
    any_value(name) as name,
    any_value(sex) as sex,
    any_value(birth_date) as birth_date,
    min(period) as first_period
from spelled
group by identity
