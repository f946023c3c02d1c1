"""Tables of the conformed stage: every register on one vocabulary."""

from schemas.table import declare

TABLES = (
    declare("conformed", "school", "学校", "一行是一所学校（最近一次报送）", "school_code",
            "school_code school_name school_type founder_type township school_zone supervision_zone urban_rural "
            "is_key_area school_status counts_at is_reporting", published=True),
    declare("conformed", "area", "镇街村社", "一行是一个镇街或村社", "level township village",
            "level township village key_area_types primary_school_code junior_school_code", published=True),
    declare("conformed", "identity", "身份写法", "一行是一种身份写法", "identity",
            "identity id_number id_number_given registry_number name sex birth_date first_period"),
    declare("conformed", "anchor", "有效证件归人", "一行是一种能归到有效证件号的身份写法", "identity",
            "identity person matched_by"),
    declare("conformed", "link", "身份归人", "一行是一种身份写法归到的人", "identity", "identity person_id matched_by"),
    declare("conformed", "alias", "假名归人", "一行是一个人的一个假名", "child_key", "child_key person_id spelled_first"),
    declare("conformed", "kept_opening", "前期立案", "一行是一个以前立的案件", "case_no",
            "case_no child_key opened_in opened_on opened_by issued_on verify_by case_before"),
    declare("conformed", "person", "人员", "一行是一个人", "person_id",
            "person_id child_key id_number registry_number name sex birth_date birth_month"),
    declare("conformed", "record", "学籍记录", "一行是一期快照中的一条学籍",
            "period person_id school_code registry_number registry_status grade class_name",
            "period person_id school_code registry_number registry_status grade class_name stage is_live is_chosen "
            "matched_by entry_month boarding left_behind is_migrant_worker_child is_orphan disability_type "
            "is_home_taught ethnicity"),
    declare("conformed", "enrolment", "在籍学生", "一行是本期一名在籍学生", "person_id",
            "person_id child_key school_code township_of_school school_zone supervision_zone grade stage class_name "
            "registry_status boarding left_behind is_migrant_worker_child is_orphan disability_type is_home_taught "
            "ethnicity matched_by records age is_school_age", published=True),
    declare("conformed", "heard", "反馈与异动", "一行是一行反馈、劝返或异动", "",
            "person_id says said_on said_by learned_in statement_kind has_evidence is_reviewed is_dropout ends_on "
            "source_file_id case_no returned_on reviewed_on"),
    declare("conformed", "statement", "结论", "一行是关于一个人的一次结论",
            "person_id said_on unit_rank learned_in says statement_kind",
            "person_id says said_on said_by unit_rank learned_in statement_kind has_evidence is_reviewed is_dropout holds_until "
            "held_when_learned source_file_id case_no returned_on reviewed_on"),
    declare("conformed", "explanation", "去向解释", "一行是一个人本期仍有效的去向", "person_id",
            "person_id explanation said_on holds_until on_review_list"),
    declare("conformed", "finished", "写明的毕业", "一行是一个人在学籍、异动或核实中写明完成的一个年级（6或9）", "person_id completed_grade",
            "person_id completed_grade first_period"),
    declare("conformed", "turned", "以前的转变", "一行是以前一个案件的一次转变（再次离校、观察期满）", "case_no turned_in turn",
            "case_no person_id turned_in turned_on turn state"),
    declare("conformed", "completion", "毕业", "一行是一个人完成的一个年级（6或9）", "person_id completed_grade",
            "person_id completed_grade first_period"),
    declare("conformed", "child", "底册儿童", "一行是底册中的一个人", "person_id",
            "person_id child_key township village hukou_status roster_sources left_roster_as status_date sex "
            "ethnicity birth_date birth_month age is_school_age stage_by_age matched_by", published=True),
    declare("conformed", "class_month", "班级月报", "一行是一个班一个月", "school_code month grade class_name",
            "school_code month grade class_name enrolled_count present_count listed closes", published=True),
    declare("conformed", "absence", "在校名单", "一行是一人一月一校的在校或缺勤记录", "person_id month school_code",
            "person_id month school_code presence_status unexcused_run absent_from source"),
    declare("conformed", "presence", "当月在校情况", "一行是一名在读学生一个应报考勤的月份", "person_id month",
            "person_id month school_code grade class_name state_in_month unexcused_run"),
    declare("conformed", "weighed", "结论的分量", "一行是可能改变案件状态的一次结论", "person_id learned_in said_on unit_rank statement_kind says",
            "person_id learned_in said_on unit_rank statement_kind says dropout_state at_school is_watched has_record had_record made_on "
            "gone_on is_dropout holds_until returned_on reviewed_on case_no is_proved is_moving is_closing needs_review"),
    declare("conformed", "ruling", "裁定", "一行是一次结论带来的状态", "person_id learned_in said_on unit_rank statement_kind says",
            "person_id learned_in said_on unit_rank statement_kind says state closed_as confirmed_on waits_for_review "
            "holds_until returned_on settled_on case_no"),
    declare("conformed", "listing", "名单所列", "一行是疑似名单的一行", "",
            "person_id matched_by batch issued_on verify_by suspect_source township village school_code listed_in"),
    declare("conformed", "place", "归属", "一行是一个人归属的镇街、村社和学校", "person_id",
            "person_id child_key township village school_code grade"),
    declare("conformed", "departure", "离开学籍", "一行是一个曾在籍的人", "person_id", "person_id last_seen_in gone_in"),
    declare("conformed", "groups", "群体归属", "一行是一个人所属的群体", "person_id", "person_id population_groups"),
)  # fmt: skip
