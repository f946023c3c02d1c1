"""The extracts that come in (contract §3): title, kind, grain, key, headings. Declared once, read by all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.fields import FIELDS, Field

ExtractKind = Literal["register", "flow", "period"]


@dataclass(frozen=True)
class Heading:
    """One column of an extract.

    `required`: the heading must be there. `filled`: its value must not be empty (the contract's **!**).
    """

    field: Field
    required: bool = False
    filled: bool = False


NO_FEEDBACK = "未反馈"


@dataclass(frozen=True)
class Form:
    """How an extract comes back as a fill-in form of ours (contract §7).

    `printed`: the columns that we fill in before it goes out; the others are the answer. A line without an answer says
    `unanswered` and is no fault. `empty_words`: answers that say no more than an empty cell. `by_case`: only a line with
    a case number is one we printed; on any other, naming the child is the answer.
    """

    printed: tuple[str, ...]
    unanswered: str = NO_FEEDBACK
    empty_words: tuple[str, ...] = ()
    by_case: bool = False


@dataclass(frozen=True)
class Extract:
    """One extract: its grain is a sentence, its key the columns that name a row.

    `either` lists groups of headings of which one must be there. `identity`: rows are about a child and need
    one way to know it. `in_title`: columns that may stand in the title row, sheet name or folder instead.
    `defaults`: what an empty cell of a column means (contract §3). `form`: set where our own forms come back as it.
    """

    name: str
    title: str
    kind: ExtractKind
    grain: str
    key: tuple[str, ...]
    headings: tuple[Heading, ...]
    either: tuple[tuple[str, ...], ...] = ()
    identity: bool = False
    by_class: bool = False
    in_title: tuple[str, ...] = ()
    coverage: tuple[str, ...] = ()
    defaults: tuple[tuple[str, str], ...] = ()
    form: Form | None = None

    @property
    def answers(self) -> tuple[str, ...]:
        """The columns that a returned form is asked for; none where no form of ours comes back."""
        return tuple(f.name for f in self.fields if f.name not in self.form.printed) if self.form else ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """The declared columns, in contract order."""
        return tuple(heading.field for heading in self.headings)

    @property
    def required_headings(self) -> tuple[Field, ...]:
        """The columns whose heading must be there."""
        return tuple(heading.field for heading in self.headings if heading.required)

    def has(self, field_name: str) -> bool:
        """Whether the extract declares a column."""
        return any(field.name == field_name for field in self.fields)


def _headings(text: str) -> tuple[Heading, ...]:
    """Read `name name* name!`: `*` marks a required heading, `!` a required heading with a required value."""
    return tuple(
        Heading(FIELDS[word.rstrip("*!")], required=word[-1] in "*!", filled=word.endswith("!"))
        for word in text.split()
    )


_ALL = (
    Extract(
        "school", "学校名册", "register", "一行是一所学校", ("school_code",),
        _headings("school_code! school_name! school_type! founder_type* township! school_zone supervision_zone "
                  "supervisor urban_rural* is_key_area central_school_code school_status successor_code "
                  "effective_date principal contact phone"),
    ),
    Extract(
        "area", "镇街村社名册", "register", "一行是一个镇街或一个村社", ("level", "parent_township", "area_name"),
        _headings("level! area_name! parent_township area_code key_area_types primary_school_code "
                  "junior_school_code responsible_person phone"),
    ),
    Extract(
        "child", "适龄儿童少年底册", "register", "一行是一个来源中的一名儿童", ("person", "roster_source"),
        _headings("name! sex* birth_date* id_type* id_number* ethnicity hukou_status township! village address "
                  "guardian_name guardian_relation guardian_phone roster_status status_date roster_source"),
        identity=True, in_title=("township", "roster_source"), coverage=("township", "roster_source"),
        defaults=(("hukou_status", "本区户籍"), ("roster_status", "正常")),
    ),
    Extract(
        "registry", "学籍名册", "register", "一行是一条学籍", ("school_code", "registry_number_or_person"),
        _headings("school_code school_name grade! class_name name! sex* birth_date* id_type* id_number* "
                  "registry_number ethnicity hukou_type hukou_place current_address entry_month boarding left_behind "
                  "is_migrant_worker_child is_orphan disability_type inclusive_class is_home_taught is_aided "
                  "needs_boarding guardian_name guardian_relation guardian_phone registry_status"),
        identity=True, in_title=("school_code", "school_name"), coverage=("school_code",),
        defaults=(("registry_status", "在读"),),
    ),
    Extract(
        "attendance", "在校学生月报", "period", "一行是一名学生一个月", ("month", "school_code", "person"),
        _headings("month! school_code* grade class_name name! id_number registry_number days_due* days_absent* "
                  "days_leave longest_unexcused_days absent_from presence_status! last_seen_on"),
        either=(("id_number", "registry_number"),), identity=True, by_class=True,
        in_title=("month", "school_code", "school_name"),
    ),
    Extract(
        "class_roll", "班级在校情况汇总", "period", "一行是一个班一个月", ("month", "school_code", "grade", "class_name"),
        _headings("month! school_code* grade! class_name! enrolled_count! present_count! remark"),
        in_title=("month", "school_code", "school_name"),
        form=Form(("month", "school_code", "grade", "class_name", "enrolled_count")),
    ),
    Extract(
        "absentee", "不在校学生名单", "period", "一行是一名不在校学生一个月", ("month", "school_code", "person"),
        _headings("month! school_code* grade* class_name* name! id_number registry_number presence_status! "
                  "absent_from absent_days_running reason"),
        identity=True, by_class=True, in_title=("month", "school_code", "school_name"),
        form=Form(("month", "school_code", "grade", "class_name", "name", "id_number", "registry_number"),
                  unanswered="未标注（在校）", empty_words=("在校",)),
    ),
    Extract(
        "movement", "学籍异动", "flow", "一行是一次异动", ("person", "movement_type", "moved_on"),
        _headings("name* id_number registry_number movement_type! moved_on! ends_on grade from_school_code "
                  "from_school_name to_school_code to_school_name to_area_code movement_state"),
        either=(("id_number", "registry_number"),), identity=True, in_title=("movement_type",),
    ),
    Extract(
        "cohort", "历届入学人数", "register", "一行是一所学校一个入学年份和起始年级", ("school_code", "entry_grade", "entry_year"),
        _headings("entry_year! school_code* entry_grade! entrants! year_start_count moved_in_total moved_out_total "
                  "died_total abroad_total"),
        coverage=("entry_year",),
    ),
    Extract(
        "monitored", "脱贫户和监测对象家庭适龄儿童", "register", "一行是一名儿童", ("person",),
        _headings("name* id_number* household_type! household_head township* village identified_on is_risk_gone "
                  "pupil_state"),
        identity=True, in_title=("township", "household_type"), coverage=("township", "household_type"),
    ),
    Extract(
        "disabled", "残疾儿童少年名册", "register", "一行是一名儿童", ("person",),
        _headings("name* id_number disability_number disability_kind disability_grade township* village address "
                  "placement placement_school_code assessed_on assessment home_lessons"),
        either=(("id_number", "disability_number"),), identity=True, in_title=("township",), coverage=("township",),
    ),
    Extract(
        "care", "关爱儿童名册", "register", "一行是一名儿童的一个类别", ("person", "care_kind"),
        _headings("name* id_number* care_kind! guardianship township* village entrusted_carer phone"),
        identity=True, in_title=("care_kind", "township"), coverage=("township", "care_kind"),
    ),
    Extract(
        "sealed", "涉案未成年人情况（只报人数）", "period", "一行是一个镇街的人数", ("township",),
        _headings("township! people! present_count people_out_of_school"),
    ),
    Extract(
        "suspect", "疑似辍学名单", "flow", "一行是一个批次中的一名儿童", ("batch", "person"),
        _headings("batch issued_on verify_by suspect_source name! id_number* registry_number sex birth_date township "
                  "village former_school_code former_school_name suspect_type case_no"),
        identity=True, in_title=("batch", "issued_on", "verify_by", "suspect_source", "township", "village"),
        defaults=(("suspect_source", "平台下发"),),
        form=Form(("batch", "issued_on", "verify_by", "suspect_source", "name", "id_number", "registry_number", "sex",
                   "birth_date", "township", "village", "former_school_code", "former_school_name", "case_no"), by_case=True),
    ),
    Extract(
        "verification", "核实反馈", "flow", "一行是对一名儿童的一次核实结论",
        ("person", "verified_on", "verifying_unit", "verification_result"),
        _headings("name* id_number case_no verified_on! verifying_unit* verification_result! destination "
                  "school_attended registry_number_elsewhere evidence verification_method ends_on verifier reviewer "
                  "reviewed_on"),
        either=(("id_number", "case_no"),), identity=True, form=Form(("name", "id_number", "case_no")),
    ),
    Extract(
        "persuasion", "劝返记录", "flow", "一行是一次劝返", ("person", "visited_on", "visiting_unit"),
        _headings("name* id_number case_no visited_on! visiting_unit! visitor* visit_method notice_title "
                  "notice_number served_on dropped_out_on dropout_reason visit_result! returned_on return_placement "
                  "note"),
        either=(("id_number", "case_no"),), identity=True, form=Form(("name", "id_number", "case_no")),
    ),
    Extract(
        "aid", "学生资助", "flow", "一行是一名学生一个项目一次发放", ("person", "aid_item", "paid_on"),
        _headings("name* id_number registry_number school_code* aid_item! amount! paid_on!"),
        either=(("id_number", "registry_number"),), identity=True, in_title=("school_code", "school_name"),
    ),
    Extract(
        "school_work", "学校工作月报", "period", "一行是一所学校一个月一个年级段", ("month", "school_code", "grade_band"),
        _headings("month! school_code* grade_band study_hours homework_minutes exams aids_per_subject sport_hours "
                  "social_practice contests struggling_pupils help_plans law_sessions law_reached home_visits has_plan "
                  "study_meetings funds responsible_person"),
        in_title=("month", "school_code", "school_name"),
    ),
    Extract(
        "intake", "新生名册", "register", "一行是一名分配到学校的新生", ("person",),
        _headings("name! id_number sex birth_date intake_school_code! guardian_name reported_on admission_number "
                  "served_on"),
        identity=True, coverage=("intake_school_code",),
    ),
    Extract(
        "vocational", "中职在校生名册", "register", "一行是一名中职学生", ("person",),
        _headings("name* id_number* school_name* major vocational_entry* registry_status"),
        identity=True, coverage=("school_name",),
    ),
    Extract(
        "exam_registration", "中考报名名册", "register", "一行是一名报名学生", ("person",),
        _headings("name* id_number registry_number school_code"),
        either=(("id_number", "registry_number"),), identity=True,
    ),
    Extract(
        "platform", "平台在册台账", "period", "一行是平台上的一名儿童", ("person",),
        _headings("name* id_number* platform_status! platform_entered_on platform_closed_on"),
        identity=True,
    ),
    Extract(
        "reported", "已上报数据", "flow", "一行是一个已上报的数", ("reported_period", "reported_indicator", "reported_to"),
        _headings("reported_period! reported_indicator! reported_value! reported_to sent_on"),
    ),
)  # fmt: skip

EXTRACTS: dict[str, Extract] = {extract.name: extract for extract in _ALL}

SYSTEM_COLUMNS: dict[str, tuple[str, str]] = {
    "period": ("VARCHAR", "报送期间"),
    "file_id": ("VARCHAR", "来源文件编号（内容散列前16位）"),
    "sheet": ("VARCHAR", "工作表"),
    "source_row": ("INTEGER", "来源行号"),
    "data_as_of": ("DATE", "数据时点"),
}

IDENTITY_COLUMNS: dict[str, tuple[str, str]] = {
    "id_number_given": ("VARCHAR", "所填证件号（无效，另存）"),
    "id_fault": ("VARCHAR", "证件号问题"),
}


def typed_columns(extract: Extract) -> dict[str, tuple[str, str]]:
    """Columns of `validated.<extract>`: name → (DuckDB type, Chinese comment), system columns last."""
    columns = {f.name: (f.sql_type, f.description) for f in extract.fields}
    if extract.has("school_code") is False and extract.name == "vocational":
        columns.setdefault("school_name", ("VARCHAR", "学校名称"))
    if extract.has("id_number"):
        columns |= IDENTITY_COLUMNS
    return columns | SYSTEM_COLUMNS
