"""The platform's tables: columns that the office adapts without code, and faults said in its own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.documents.test_case_papers import PERIOD, SAID
from tests.towns.town import Town, build_town, in_school, join_tables
from transforms.documents.case_papers import read_cases
from transforms.documents.platform_forms import (
    DECLARED,
    PlatformFormFault,
    list_platform_sheets,
    read_platform_columns,
)


@pytest.fixture(scope="module")
def town() -> Town:
    names = "王一 赵三 钱四 孙五"
    child = {"child": in_school(names)["child"]}
    listed = "批次 | 下发日期 | 来源 | 姓名 | 性别 | 出生日期\n"
    listed += "\n".join(f"一批 | 2025-05-06 | 平台下发 | {n} | 男 | 2016-03-01" for n in names.split())
    platform = "姓名 | 平台状态 | 销号日期\n赵三 | 疑似 | -\n钱四 | 已销号 | 2025-06-01"
    return build_town(**join_tables(in_school("李二"), child), suspect=listed, verification=SAID, platform=platform)


def adapt(folder: Path, *changes: tuple[str, str], encoding: str = "utf-8") -> Path:
    """The declared file with some words changed, as an office would save it."""
    text = DECLARED.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "platform_forms.csv"
    path.write_bytes(text.encode(encoding))
    return path


def print_names(town: Town, columns) -> dict[str, dict[str, str | None]]:
    """Table → name → its last column."""
    sheets = list_platform_sheets(town.con, read_cases(town.con, PERIOD), PERIOD, columns)
    return {name: dict(s.frame.select(next(c.name for c in s.columns if c.heading == "姓名"), s.columns[-1].name).rows())
            for name, s in sheets.items()}  # fmt: skip


def test_who_stands_on_which_table(town):
    found = print_names(town, read_platform_columns())
    assert set(found["平台新增录入表"]) == {"王一"}  # a dropout the platform does not know
    assert set(found["平台核实结果回填表"]) == {"王一", "赵三", "钱四"}
    assert found["平台销号核对表"] == {"赵三": "一致", "钱四": "不一致：平台已销号，本区在办"}


def test_a_word_from_before_the_list_is_only_a_proposal():
    child = in_school("王一 赵三")["child"]
    listed = "批次 | 下发日期 | 来源 | 姓名 | 性别 | 出生日期\n" + "\n".join(
        f"一批 | 2025-05-06 | 平台下发 | {name} | 男 | 2016-03-01" for name in ("王一", "赵三"))
    said = "姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料\n王一 | 2025-04-20 | 镇街 | 死亡 | 证明\n赵三 | 2025-05-20 | 镇街 | 死亡 | 证明"
    built = build_town(child=child, suspect=listed, verification=said)
    sheet = list_platform_sheets(built.con, read_cases(built.con, PERIOD), PERIOD, read_platform_columns())["平台核实结果回填表"]
    heads = [column.heading for column in sheet.columns]
    rows = {row[heads.index("姓名")]: dict(zip(heads, row, strict=True)) for row in sheet.frame.rows()}
    shown = ("核实状态", "核实日期", "核实结果", "拟填结果（名单下发前的结论）")
    assert {name: tuple(row[head] for head in shown) for name, row in rows.items()} == {
        "王一": ("待核实", None, None, "死亡（2025-04-20核实）"), "赵三": ("已核实", "2025-05-20", "死亡", None)}  # fmt: skip


def test_of_two_words_on_one_day_the_higher_units_stands():
    said = "姓名 | 核实日期 | 核实单位 | 核实结果\n王一 | 2025-05-20 | 镇街 | 确认辍学\n王一 | 2025-05-20 | 学校 | 其他"
    built = build_town(**in_school("王一"), verification=said)
    assert read_cases(built.con, PERIOD)["verification_result"].to_list() == ["确认辍学"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_the_office_renames_and_moves_columns_without_code(town, tmp_path, encoding):
    last = "平台销号核对表,核对结果,核对结果,30"
    own = adapt(tmp_path, (last, "平台销号核对表,空栏,空白,8\n平台销号核对表,比对意见,核对结果,30"), encoding=encoding)
    sheets = list_platform_sheets(town.con, read_cases(town.con, PERIOD), PERIOD, read_platform_columns(own))
    sheet = sheets["平台销号核对表"]
    assert [c.heading for c in sheet.columns[-2:]] == ["空栏", "比对意见"]


def test_without_an_own_file_the_declared_one_rules(tmp_path):
    assert read_platform_columns(tmp_path / "none.csv") == read_platform_columns()


@pytest.mark.parametrize(("change", "words"), [
    (("平台新增录入表,性别,性别,6", "平台新增录入表,性别,性 别,6"), ("第5行", "没有“性 别”这个数据项", "身份证件号")),
    (("平台新增录入表,性别,性别,6", "新增表,性别,性别,6"), ("第5行", "没有“新增表”这张表", "平台新增录入表")),
    (("平台新增录入表,性别,性别,6", "平台新增录入表,,性别,6"), ("第5行", "栏目未填")),
    (("平台新增录入表,性别,性别,6", "平台新增录入表,性别,性别,宽"), ("第5行", "宽度", "“宽”")),
    (("表名,栏目", "表,栏目"), ("第1行", "表名，栏目，数据项，宽度")),
])  # fmt: skip
def test_a_wrong_word_is_told_with_its_line(tmp_path, change, words):
    with pytest.raises(PlatformFormFault) as fault:
        read_platform_columns(adapt(tmp_path, change))
    assert all(word in str(fault.value) for word in ("platform_forms.csv", *words))


def test_a_table_left_out_is_told(tmp_path):
    path = tmp_path / "platform_forms.csv"
    path.write_text("表名,栏目,数据项,宽度\n平台新增录入表,姓名,姓名,8\n", encoding="utf-8")
    with pytest.raises(PlatformFormFault, match=r"平台核实结果回填表.*平台销号核对表"):
        read_platform_columns(path)
