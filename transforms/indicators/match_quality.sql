-- One row per pupil with a live record. Rules page: match_quality.md.
select
    person_id,
    school_code,
    stage,
    grade,
    matched_by = 'id' as in_numerator,
    null::boolean as in_low,
    null::boolean as in_high
from conformed.enrolment
