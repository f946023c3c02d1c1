"""Each rule at its boundary: which rows it meets, which it leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl
import pytest

from tests.extracts.books import make_id
from tests.validated.conftest import CHILD, REGISTRY, District, Result, child, pupil, start_district

Run = Callable[..., Result]
ID = make_id(1)
ROWS: list[dict[str, object]] = []


def row(**changed: object) -> int:
    """Set a pupil with changed cells into the one delivery of this file, for a test to ask about by number.

    A function is given the pupil's own id.
    """
    ROWS.append(changed)
    return len(ROWS) - 1


@dataclass(frozen=True)
class Delivery:
    """What became of the pupils, each of them another boy of one class."""

    result: Result

    def faults(self, number: int) -> set[str]:
        return {rule for line, rule in self.result.rules("registry") if line == number + 2}

    def accepted(self, number: int) -> dict[str, Any] | None:
        rows = self.result.read("registry").filter(pl.col("source_row") == number + 2).to_dicts()
        return rows[0] if rows else None

    def is_set_aside(self, number: int) -> bool:
        return number + 2 in self.result.read("quarantined")["source_row"].to_list()


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    pupils = []
    for number, changed in enumerate(ROWS):
        serial = 2 * number + 1
        pupils.append(pupil(serial, **{key: made(make_id(serial)) if callable(made) else made for key, made in changed.items()}))
    district = start_district(tmp_path_factory.mktemp("delivery")).put("学籍.xlsx", [REGISTRY, *pupils])
    return Delivery(district.validate())


@pytest.mark.parametrize("clean", [row()])
def test_a_clean_row_breaks_nothing(delivery: Delivery, clean: int) -> None:
    assert delivery.faults(clean) == set() and delivery.accepted(clean)


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        (row(身份证件号=""), "id_empty"),
        (row(身份证件号="无"), "id_empty"),
        (row(身份证件号=lambda own: own[:17]), "id_length"),
        (row(身份证件号=lambda own: own + "1"), "id_length"),
        (row(身份证件号=lambda own: own[:17] + ("1" if own[17] != "1" else "2")), "id_check_digit"),
        (row(身份证件号="5001532015133100" + "1X"), "id_check_digit"),
        (row(身份证件号="5.00153E+17"), "id_excel_lost"),
        (row(身份证件号=lambda own: own[:15] + "000"), "id_excel_lost"),
        (row(身份证件号=500153201509010123), "id_excel_lost"),
        (row(身份证件号=lambda own: own[:6] + own[8:17]), "id_fifteen"),
        (row(身份证件号=make_id(1, place="990101")), "id_place_unknown"),
        (row(身份证件号=make_id(1, place="500199")), "id_place_unknown"),
        (row(身份证件号=make_id(1, "20170901", "500226"), 出生日期="20170901"), "id_place_unknown"),
    ],
)
def test_faults_of_an_id_are_reported_and_the_row_goes_on(delivery: Delivery, number: int, fault: str) -> None:
    assert delivery.faults(number) == {fault} and delivery.accepted(number)


@pytest.mark.parametrize(
    "number", [row(身份证件号=make_id(901 + 2 * n, place=place)) for n, place in enumerate(("500153", "500226", "511026", "440306", "830000"))]
)
def test_no_prefix_decides_who_is_ours(delivery: Delivery, number: int) -> None:
    assert delivery.faults(number) == set()


@pytest.mark.parametrize("written", [ID.lower(), f" {ID[:6]} {ID[6:]}", ID.translate({ord("0") + i: chr(0xFF10 + i) for i in range(10)}), f"'{ID}"])
def test_ids_are_mended_and_counted(registry: Run, written: str) -> None:
    result = registry(pupil(1, 身份证件号=written, 全国学籍号="G" + ID))
    row = result.read("registry").to_dicts()[0]
    assert (row["id_number"], row["id_number_given"], row["id_fault"]) == (ID, None, None)
    changed = int(written != ID)
    assert result.read("file").filter(pl.col("extract") == "registry")["mended_values"].to_list() == [changed]


def test_an_invalid_id_is_set_aside(registry: Run) -> None:
    row = registry(pupil(1, 身份证件号=ID[:17])).read("registry").to_dicts()[0]
    assert (row["id_number"], row["id_number_given"], row["id_fault"]) == (None, ID[:17], "id_length")


def test_other_documents_are_not_judged_as_resident_ids(registry: Run) -> None:
    result = registry(pupil(1, 身份证件类型="8", 身份证件号="H12345678"))
    assert result.rules("registry") == []
    assert result.read("registry")["id_number_given"].to_list() == ["H12345678"]


def test_birth_and_sex_at_odds_with_the_id_are_reported_and_the_id_rules(registry: Run) -> None:
    result = registry(pupil(1, 出生日期="20150902", 性别="女"))
    assert {rule for _, rule in result.rules("registry")} == {"id_birth_mismatch", "id_sex_mismatch"}
    assert result.read("registry")["id_number"].to_list() == [ID]


@pytest.mark.parametrize(
    ("number", "out"),
    [(row(身份证件号=make_id(1, birth), 出生日期=birth), out) for birth, out in
     (("20210630", False), ("20210701", True), ("20050701", False), ("20040701", False), ("20040630", True))],
)  # fmt: skip
def test_age_from_4_to_20_on_the_last_day(delivery: Delivery, number: int, out: bool) -> None:
    assert ("age_out_of_range" in delivery.faults(number)) is out


@pytest.mark.parametrize(
    ("number", "odd"),
    [(row(姓名=name), odd) for name, odd in
     (("阿依古丽·买买提", False), ("张𠮷", False), ("张三2", True), ("Tom", True), ("张Ａ", True))],
)  # fmt: skip
def test_names_with_digits_or_latin_letters_are_reported(delivery: Delivery, number: int, odd: bool) -> None:
    assert ("name_odd" in delivery.faults(number)) is odd


@pytest.mark.parametrize(
    ("number", "clean"),
    [(row(姓名=written), clean) for written, clean in
     (("张 三", "张三"), ("阿依．古丽", "阿依·古丽"), ("阿依•古丽", "阿依·古丽"), ("　李四　", "李四"))],
)  # fmt: skip
def test_names_are_cleaned(delivery: Delivery, number: int, clean: str) -> None:
    accepted = delivery.accepted(number)
    assert accepted and accepted["name"] == clean


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        (row(年级=""), "required_empty"),
        (row(姓名=""), "required_empty"),
        (row(性别="甲"), "code_unknown"),
        (row(学籍状态="待核"), "code_unknown"),
        (row(年级="好"), "code_unknown"),
        (row(出生日期="20150231"), "date_impossible"),
        (row(出生日期="20250701", 身份证件号=make_id(3, "20250701")), "date_impossible"),
        (row(学校标识码="9999999999"), "school_unknown"),
        (row(学校标识码=""), "school_unknown"),
        (row(年级="七年级"), "grade_not_offered"),
    ],
)
def test_rows_set_aside(delivery: Delivery, number: int, rule: str) -> None:
    assert rule in delivery.faults(number)
    assert delivery.accepted(number) is None and delivery.is_set_aside(number)


EVERY = row(身份证件号="1", 学籍状态="待核", 出生日期="2015-02-30", 学校标识码="1")
NO_STATUS = row(学籍状态="")


def test_every_reason_of_a_row_is_told(delivery: Delivery) -> None:
    assert delivery.faults(EVERY) == {"id_length", "code_unknown", "date_impossible", "school_unknown"}


@pytest.mark.parametrize(
    ("number", "missing"),
    [
        (row(身份证件号="", 全国学籍号=""), False),
        (row(身份证件号="1", 全国学籍号="", 性别=""), True),
        (row(身份证件号="1", 全国学籍号="", 出生日期=""), True),
        (row(身份证件号="1", 性别=""), False),
        (row(全国学籍号="X", 性别=""), False),
    ],
)
def test_one_way_to_know_the_child_is_enough(delivery: Delivery, number: int, missing: bool) -> None:
    assert ("identity_missing" in delivery.faults(number)) is missing


def test_a_misshapen_registry_number_is_reported_and_not_kept(registry: Run) -> None:
    result = registry(pupil(1, 全国学籍号="G123"))
    assert result.rules("registry") == [(2, "registry_number_invalid")]
    assert result.read("registry")["registry_number"].to_list() == [None]


def test_status_defaults_to_enrolled_and_is_said_once_a_file(registry: Run) -> None:
    result = registry(*(pupil(n)[:-1] for n in (1, 2, 3)), headings=REGISTRY[:-1])
    assert result.rules("registry") == [(None, "status_defaulted")]
    assert result.read("registry")["registry_status"].to_list() == ["在读"] * 3


def test_an_empty_status_is_said_for_its_row(delivery: Delivery) -> None:
    assert delivery.faults(NO_STATUS) == {"status_defaulted"}


def test_other_stages_are_set_aside_and_counted(registry: Run) -> None:
    result = registry(pupil(1), pupil(2, 年级="高一"), pupil(3, 年级="中班", 身份证件号="1"))
    assert result.rules("registry") == []
    counts = result.read("file").filter(pl.col("extract") == "registry").to_dicts()[0]
    assert (counts["rows_read"], counts["accepted"], counts["other_stage_rows"]) == (1, 1, 2)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        *((row(学校标识码=written), "3150000001") for written in ("3150000001", 3150000001, "昌元小学", "重庆市荣昌区昌元小学")),
        (row(学校标识码="3150000003"), "3150000003"),  # merged
    ],
)
def test_a_school_is_known_by_code_or_name_and_a_merged_one_still(delivery: Delivery, number: int, code: str) -> None:
    accepted = delivery.accepted(number)
    assert accepted and accepted["school_code"] == code


def test_the_school_may_stand_in_the_title_or_folder(district: District) -> None:
    rows = [pupil(1)[1:]]
    district.put("学籍1.xlsx", [["荣昌区昌元小学学籍名册"], REGISTRY[1:], *rows])
    district.put("荣昌中学/学籍2.xlsx", [REGISTRY[1:], pupil(2, 年级="初一")[1:]])
    result = district.validate()
    assert result.read("registry").select("school_code", "grade").sort("grade").rows() == [("3150000001", "3"), ("3150000002", "7")]


def test_a_township_is_known_by_name(district: District) -> None:
    rows = [child(1, 镇街="昌元"), child(2, 镇街="荣昌区昌元街道办事处", 村社=""), child(3, 镇街="外地镇"), child(4, 镇街="")]
    district.put("底册.xlsx", [CHILD, *rows]).put("学籍.xlsx", [REGISTRY, pupil()])
    result = district.validate()
    assert result.read("child")["township"].to_list() == ["昌元街道", "昌元街道"]
    assert (4, "township_unknown") in result.rules("child")
    assert (5, "required_empty") in result.rules("child")


def test_a_village_is_known_by_name_inside_its_township(district: District) -> None:
    rows = [child(1, 村社="黄檀"), child(2, 村社="黄檀村"), child(3, 村社="河包镇黄檀村村民委员会"), child(4, 村社="无此村"), child(5, 村社="")]
    result = district.put("底册.xlsx", [CHILD, *rows]).put("学籍.xlsx", [REGISTRY, pupil()]).validate()
    assert result.read("child")["village"].to_list() == ["黄檀村村民委员会"] * 3 + ["无此村", None]
    assert result.rules("child") == [(5, "village_unknown")]


def test_a_child_without_hukou_needs_no_id(district: District) -> None:
    rows = [[*child(1, 身份证件号=""), "无户籍"], [*child(2, 身份证件号=""), ""]]
    result = district.put("底册.xlsx", [[*CHILD, "户籍状态"], *rows]).put("学籍.xlsx", [REGISTRY, pupil()]).validate()
    assert result.rules("child") == [(3, "id_empty")]
    assert result.read("child")["hukou_status"].to_list() == ["无户籍", "本区户籍"]


ROLL = ["月份", "学校标识码", "年级", "班级", "在籍人数", "在校人数"]


def test_numbers_that_cannot_be(district: District) -> None:
    told = [(40, 40, False), (40, 0, False), (40, 41, True), (-1, 0, True), ("四十", 1, True), (40.5, 1, True), ("40人", "39人", False)]
    rows = [["2025年5月", "3150000001", "一年级", f"{number}班", *counts] for number, (*counts, _) in enumerate(told, 1)]
    result = district.put("学籍.xlsx", [REGISTRY, pupil()]).put("月报.xlsx", [ROLL, *rows]).validate()
    assert result.rules("class_roll") == [(number, "number_impossible") for number, (*_, bad) in enumerate(told, 2) if bad]


def test_months_in_every_notation(district: District) -> None:
    written = ("2025年5月", "202505", "2025-05", "2025-5", "2025/05", "5月", "2025年5月份")
    rows = [[month, "3150000001", "1", f"{number}班", 40, 40] for number, month in enumerate(written, 1)]
    result = district.put("月报.xlsx", [ROLL, *rows]).validate()
    assert result.read("class_roll")["month"].to_list() == ["2025-05"] * len(written)


def test_an_absent_pupil_is_known_by_class_and_name(district: District) -> None:
    headings = ["月份", "学校标识码", "年级", "班级", "姓名", "身份证件号", "在校状态"]
    rows = [["202505", "3150000001", "1", "1班", "张三", "", "旷课"], ["202505", "3150000001", "1", "", "李四", "", "请假"]]
    result = district.put("名单.xlsx", [headings, *rows]).validate()
    assert result.rules("absentee") == [(3, "identity_missing")]
    assert result.read("absentee")["presence_status"].to_list() == ["无故缺勤"]


def test_a_listed_child_is_never_set_aside_for_want_of_identity(district: District) -> None:
    rows = [["2025年第2批疑似辍学学生名单", "", "下发日期：2025年5月6日"], ["姓名", "身份证件号", "原就读学校名称"], ["张三", "", "外地小学"]]
    result = district.put("名单.xlsx", rows).validate()
    row = result.read("suspect").to_dicts()[0]
    assert (row["batch"], str(row["issued_on"]), row["suspect_source"]) == ("2025年第2批", "2025-05-06", "平台下发")
    assert {rule for _, rule in result.rules("suspect")} == {"id_empty"}


def test_a_case_number_is_a_way_to_know_the_child(district: District) -> None:
    headings = ["姓名", "身份证件号", "案件编号", "核实日期", "核实单位", "核实结果"]
    rows = [["张三", "", "2025-0001", "2025-06-01", "昌元街道派出所", "外地就读（有学籍）"], ["李四", "", "", "2025-06-01", "学校", "失联"]]
    result = district.put("反馈.xlsx", [headings, *rows]).validate()
    assert result.read("verification").select("case_no", "verifying_unit", "verification_result").rows() == [
        ("2025-0001", "昌元街道派出所", "外地就读有学籍")
    ]
    assert (3, "identity_missing") in result.rules("verification")


def test_a_disability_number_in_the_id_column_reads_as_id_kind_and_grade(district: District) -> None:
    headings = ["姓名", "身份证件号", "残疾类别", "残疾等级", "镇街"]
    rows = [headings, ["张三", ID + "72", "", "", "昌元街道"], ["李四", make_id(3), "智力", "1", "昌元街道"]]
    result = district.put("残疾.xlsx", rows).validate()
    columns = ("id_number", "disability_number", "disability_kind", "disability_grade")
    assert result.read("disabled").select(columns).rows() == [(ID, ID + "72", "多重", "二级"), (make_id(3), None, "智力", "一级")]
    assert result.rules("disabled") == []


def test_a_disability_number_alone_knows_the_child(district: District) -> None:
    rows = [["姓名", "残疾证号", "镇街"], ["张三", ID + "31", "昌元街道"], ["李四", "残123", "昌元街道"]]
    result = district.put("残疾.xlsx", rows).validate()
    assert result.read("disabled")["id_number"].to_list() == [ID]
    assert result.rules("disabled") == [(3, "identity_missing")]


def test_codes_and_words_and_both_are_read(registry: Run) -> None:
    rows = [pupil(n, 性别=sex, 学籍状态=status) for n, sex, status in ((1, "1-男", "01"), (3, "1", "01 在读"), (5, "男", "在读"), (7, "男性", 1))]
    result = registry(*rows)
    assert result.rules("registry") == []
    assert result.read("registry").select("sex", "registry_status").unique().rows() == [("男", "在读")]
