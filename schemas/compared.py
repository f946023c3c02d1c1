"""Tables of the compared stage: the differences between registers (四查三比对)."""

from schemas.table import declare

_FINDING = "person_id school_code grade stage matched_by"

TABLES = (
    declare("compared", "school_month", "学校月报送", "一行是一所应报送学校一个月", "school_code month",
            "period version school_code month expected accounted usable zero_report silent", published=True),
    declare("compared", "standing", "底册儿童去向", "一行是底册中一名适龄儿童", "person_id",
            "person_id why is_quarantined on_review_list"),
    declare("compared", "unenrolled", "适龄未入学", "一行是一名适龄未入学儿童", "person_id", _FINDING),
    declare("compared", "absent", "籍在人不在", "一行是一名籍在人不在的学生", "person_id", _FINDING),
    declare("compared", "monitored_out", "脱贫户监测户辍学", "一行是一名儿童", "person_id", _FINDING),
    declare("compared", "duplicate_registry", "一人多籍", "一行是一个人", "person_id", _FINDING),
    declare("compared", "finding", "比对结果", "一行是一个比对项下的一名儿童", "period version comparison child_key",
            "period version comparison child_key township village school_code stage grade likely_cause matched_by "
            "first_seen_period", published=True),
    declare("compared", "silent_school", "未报送或报送不全", "一行是一所学校一个月", "period version school_code month",
            "period version school_code month expected accounted", published=True),
    declare("compared", "bridge", "名册差异桥", "一行是两个名册之间的一种差异", "period version from_register to_register reason",
            "period version from_register to_register reason children", published=True),
)  # fmt: skip
