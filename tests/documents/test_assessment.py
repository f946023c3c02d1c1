"""学校年度考核: points only by the office's sheet; each rule kind at its boundary; rounding once; the working shown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from schemas.bimester import Bimester
from tests.towns.school_year import SCHOOL_YEAR
from tests.towns.town import build_town
from transforms.documents.assessment import list_assessment_sheets, read_facts, write_assessment
from transforms.documents.score_sheet import (
    HEADS,
    Measured,
    ScoreSheetFault,
    read_score_sheet,
    score_schools,
)

EXAMPLE = Path(__file__).parents[2] / "data" / "reference" / "score_sheet.example.csv"
PERIOD = Bimester.parse("2025-B3")


def write_sheet(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "score_sheet.csv"
    path.write_bytes("\n".join([",".join(HEADS), *lines]).encode(encoding))
    return path


def score(folder: Path, lines: str, **schools: dict[str, Fraction | int | None]):
    """Score schools that are given as item → value; an item not given has no figure."""
    sheet = read_score_sheet(write_sheet(folder, *lines.split("\n")))
    facts = {
        school: {rule.item: Measured(None if (v := given.get(rule.item)) is None else Fraction(v), "测得") for rule in sheet.rules}
        for school, given in schools.items()
    }  # fmt: skip
    return score_schools(sheet, facts)


@pytest.mark.parametrize(("retention", "won"), [
    (Fraction(1), 10), (Fraction(999, 1000), 8), (Fraction(9985, 10000), 7), (Fraction(995, 1000), 0), (Fraction(9, 10), 0),
])  # fmt: skip
def test_linear_deduction_is_in_proportion_and_stops_at_nothing(tmp_path, retention, won):
    assert score(tmp_path, "学年巩固率,,10,线性扣分,100%,0.1%,2,", a={"retention": retention})["a"].total == won


@pytest.mark.parametrize(("out", "won"), [(0, 20), (1, 15), (4, 0), (9, 0)])
def test_deduction_by_count(tmp_path, out, won):
    assert score(tmp_path, "期末辍学失联人数,,20,按个扣分,,,5,", a={"out_at_end": out})["a"].total == won


@pytest.mark.parametrize(("value", "won"), [(Fraction(95, 100), 10), (Fraction(9499, 10000), 0)])
def test_all_or_nothing_is_met_at_the_target_itself(tmp_path, value, won):
    assert score(tmp_path, "学年巩固率,,10,全有或全无,95%,,,", a={"retention": value})["a"].total == won


def test_all_or_nothing_of_a_count_must_not_pass_its_target(tmp_path):
    found = score(tmp_path, "月报缺报次数,,10,全有或全无,1,,,", a={"reports": 1}, b={"reports": 2})
    assert (found["a"].total, found["b"].total) == (10, 0)


def test_rank_gives_equals_the_same_place_and_leaves_out_whoever_has_no_figure(tmp_path):
    lines = "学年巩固率,,8,按名次得分,,,,\n月报缺报次数,,2,按个扣分,,,1,"
    values = {"a": Fraction(1), "b": Fraction(99, 100), "c": Fraction(99, 100), "d": Fraction(9, 10), "e": None}
    found = score(tmp_path, lines, **{s: {"retention": v, "reports": 0} for s, v in values.items()})
    assert [float(found[s].items[0].won) for s in "abcd"] == [8, 6, 6, 2]  # 1st, 2nd twice, 4th of four
    assert found["e"].total == 10 and found["a"].items[0].working == "4所学校中第1名"


def test_what_does_not_apply_is_shared_out_in_proportion_and_said(tmp_path):
    lines = "残疾儿童入学,残疾安置,50,按比例得分,,,,\n学年巩固率,,30,按比例得分,,,,\n月报缺报次数,,20,按个扣分,,,5,"
    one = score(tmp_path, lines, a={"retention": Fraction(1, 2), "reports": 1})["a"]
    assert [item.points for item in one.items] == [None, 60, 40]
    assert one.total == 60  # half of 60, and 15 of 20 as 30 of 40
    assert "不适用" in one.items[0].working and "分值30折为60" in one.items[1].working


def test_a_school_to_which_nothing_applies_is_not_scored(tmp_path):
    assert score(tmp_path, "学年巩固率,,10,按比例得分,,,,", a={})["a"].total is None


def test_rounding_is_once_at_the_end_and_rules_the_grade(tmp_path):
    lines = "学年巩固率,,1,按比例得分,,,,\n资助到位,,1,按比例得分,,,,\n文书送达,,1,按比例得分,,,,\n等次,过,,,0.995,,,\n等次,未过,,,0,,,"
    third = Fraction(3317, 10000)  # 0.3317 each: item by item 0.33, together 0.9951
    one = score(tmp_path, lines, a={"retention": third, "aid": third, "notices_served": third})["a"]
    assert (one.total, one.grade) == (Decimal("1.00"), "过")
    low = score(tmp_path, lines, a={"retention": third, "aid": third, "notices_served": Fraction(33, 100)})["a"]
    assert (low.total, low.grade) == (Decimal("0.99"), "未过")


def test_the_example_sheet_has_a_hundred_points():
    sheet = read_score_sheet(EXAMPLE)
    assert sheet and sheet.total == 100 and [name for _, name in sheet.grades] == ["优秀", "良好", "合格", "不合格"]


def test_without_a_sheet_only_what_was_measured_is_printed(tmp_path):
    assert read_score_sheet(tmp_path / "none.csv") is None
    town = build_town(**SCHOOL_YEAR)
    sheets = list_assessment_sheets(town.con, PERIOD, 1, None)
    assert [sheet.name for sheet in sheets] == ["考核数据", "否决线索", "口径"]
    assert "不打分" in sheets[0].note
    row = dict(zip(sheets[0].frame.columns, sheets[0].frame.row(0), strict=True))
    assert (row["retention"], row["out_at_end"], row["aid"]) == ("4/6＝66.67%", "1", "—")


def test_with_a_sheet_every_point_is_shown_with_its_working():
    town = build_town(**SCHOOL_YEAR)
    score_sheet = read_score_sheet(EXAMPLE)
    sheets = {sheet.name: sheet for sheet in list_assessment_sheets(town.con, PERIOD, 1, score_sheet)}
    totals = dict(sheets["得分"].frame.select("school_name", "total").rows())
    working = sheets["计分过程"].frame.filter(item="学年末辍学失联", school_name="甲小学").row(0)
    assert working[3:6] == ("按个扣分", "1", "30.77")  # 20 of the 65 that apply
    assert working[6] == "23.08" and working[7].startswith("1×5，扣5分")
    own = score_schools(score_sheet, read_facts(town.con, PERIOD, 1))["1000000001"]
    assert totals["甲小学"] == float(own.total) == pytest.approx(float(sum(item.won for item in own.items)), abs=0.005)


@pytest.mark.parametrize(("line", "words"), [
    ("入学情况,,10,线性扣分,100%,0.1%,2,", ("第2行", "没有“入学情况”这个项目", "对口范围入学率")),
    ("学年巩固率,,10,看着给,,,,", ("第2行", "没有“看着给”这种规则", "按名次得分")),
    ("学年巩固率,,10,按个扣分,,,1,", ("第2行", "是比例")),
    ("月报缺报次数,,10,按比例得分,,,,", ("第2行", "是个数", "按个扣分")),
    ("学年巩固率,,十,按比例得分,,,,", ("第2行", "分值应为数字", "“十”")),
    ("学年巩固率,,10,线性扣分,100%,,2,", ("第2行", "每差应为数字")),
    ("学年巩固率,,10,线性扣分,100%,0,2,", ("第2行", "大于0")),
    ("人籍分离,,10,按个扣分,,,1,", ("第2行", "没有“人籍分离”这个项目")),  # a clue to a veto is never scored
    ("学年巩固率,,10,按比例得分,,,,\n学年巩固率,,10,按比例得分,,,,", ("同一项目写了两行", "学年巩固率")),
])  # fmt: skip
def test_a_wrong_line_is_told_with_what_to_write(tmp_path, line, words):
    with pytest.raises(ScoreSheetFault) as fault:
        read_score_sheet(write_sheet(tmp_path, *line.split("\n")))
    assert all(word in str(fault.value) for word in ("score_sheet.csv", *words))


def test_a_sheet_saved_by_an_office_program_is_read(tmp_path):
    sheet = read_score_sheet(write_sheet(tmp_path, "学年巩固率,,10,按比例得分,,,,", encoding="gb18030"))
    assert sheet and sheet.total == 10


def test_the_table_is_made_when_the_school_year_closes(tmp_path):
    more = {"issued": date(2025, 9, 10), "issuer": "教委", "manifest_id": "m", "score_sheet": EXAMPLE}
    assert write_assessment(build_town(**SCHOOL_YEAR).con, tmp_path, PERIOD, 1, **more) == []
    summer = build_town("2025-B4", **SCHOOL_YEAR)
    (path,) = write_assessment(summer.con, tmp_path, Bimester.parse("2025-B4"), 1, **more)
    assert path == tmp_path / "督导室" / "学校年度考核数据表.xlsx" and path.stat().st_mode & 0o077 == 0
