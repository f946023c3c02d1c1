"""Receiving: every file is landed once, refused with a reason, or listed as ignored."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import msoffcrypto.format.ooxml
import polars as pl
import pytest

from schemas.rules import RULES
from tests.extracts.books import make_id, say_nothing, write_text, write_xlsx
from transforms.extracts.land import Landing, land_inbox

SCHOOLS = [
    ["学校标识码", "学校名称", "办学类型", "举办者类型", "所在镇街", "城乡类型"],
    ["3150000001", "荣昌区昌元小学", "小学", "公办", "昌元街道", "城区"],
]
ROLL = [["荣昌区昌元小学2025年5月班级在校情况汇总"], ["年级", "班级", "在籍人数", "在校人数"], ["一年级", "1班", 40, 40]]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox" / "2025-B3"
    folder.mkdir(parents=True)
    return folder


def land(inbox: Path) -> Landing:
    return land_inbox(inbox, inbox.parents[1] / "lake", say_nothing)


def test_empty_or_missing_inbox_lands_nothing(inbox: Path) -> None:
    assert land(inbox) == Landing((), (), ())
    assert land(inbox / "nowhere") == Landing((), (), ())


def test_left_behind_files_are_ignored_but_listed(inbox: Path) -> None:
    for name in ("~$学校.xlsx", "Thumbs.db", ".DS_Store", "desktop.ini"):
        (inbox / name).write_bytes(b"x")
    landing = land(inbox)
    assert sorted(landing.ignored) == sorted(["~$学校.xlsx", "Thumbs.db", ".DS_Store", "desktop.ini"])
    assert not landing.refusals


def test_the_same_file_twice_is_read_once_and_said(inbox: Path) -> None:
    first = write_text(inbox / "学校.csv", SCHOOLS)
    (inbox / "学校（副本）.csv").write_bytes(first.read_bytes())
    landing = land(inbox)
    assert len(landing.files) == 1
    assert "内容完全相同" in landing.ignored[0]


@pytest.mark.parametrize(("at_once", "alone"), [(1, 10**7), (3, 10**7), (3, 0)])
def test_files_are_told_in_their_order_however_many_are_read_at_once(
    inbox: Path, monkeypatch: pytest.MonkeyPatch, at_once: int, alone: int
) -> None:
    monkeypatch.setattr("transforms.extracts.land.AT_ONCE", at_once)
    monkeypatch.setattr("transforms.extracts.land.ALONE_BYTES", alone)
    for number in range(1, 8):
        write_text(inbox / f"{number}.csv", [SCHOOLS[0], [f"315000000{number}", *SCHOOLS[1][1:]]])
    (inbox / "4副本.csv").write_bytes((inbox / "4.csv").read_bytes())
    (inbox / "5坏.xlsx").write_bytes(b"PK")
    landing = land(inbox)
    assert [sheet.file_name for sheet in landing.files] == [f"{number}.csv" for number in range(1, 8)]
    assert landing.ignored == ("4副本.csv（与“4.csv”内容完全相同）",)
    assert [problem.file_name for problem in landing.refusals] == ["5坏.xlsx"]


def test_several_sheets_of_several_extracts(inbox: Path) -> None:
    absent = [["学校：昌元小学", "", "月份：2025年5月"], ["年级", "班级", "姓名", "身份证件号", "在校状态"]]
    write_xlsx(inbox / "月报.xlsx", {"汇总": ROLL, "名单": absent, "填表说明": [["请如实填写"]], "空": []}, hidden=["名单"])
    landing = land(inbox)
    assert [(s.sheet, s.extract, s.hidden, s.rows_read) for s in landing.files] == [
        ("汇总", "class_roll", False, 1),
        ("名单", "absentee", True, 0),
    ]
    assert landing.set_aside == ("月报.xlsx·填表说明", "月报.xlsx·空")
    assert not landing.refusals


def test_landed_text_keeps_every_column_under_its_own_heading(inbox: Path) -> None:
    write_text(inbox / "学校.csv", [[*SCHOOLS[0], "备 注", "备 注"], [*SCHOOLS[1], "甲", "007"]])
    sheet = land(inbox).files[0]
    frame = pl.read_parquet(inbox.parents[1] / "lake" / "extracts" / sheet.file_id / sheet.parquet)
    row = frame.filter(pl.col("row_kind") == "data").to_dicts()[0]
    assert (row["source_row"], row["备注"], row["备注列8"], row["学校标识码"]) == (2, "甲", "007", "3150000001")


def test_an_unchanged_file_is_not_read_again(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_text(inbox / "学校.csv", SCHOOLS)
    before = land(inbox)
    monkeypatch.setattr("transforms.extracts.land.read_file", lambda data: pytest.fail("read again"))
    assert land(inbox) == before


def test_another_way_of_reading_reads_again(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_text(inbox / "学校.csv", SCHOOLS)
    before = land(inbox)
    lake = inbox.parents[1] / "lake"
    kept = {path: path.read_bytes() for path in lake.rglob("*") if path.is_file()}
    monkeypatch.setattr("transforms.extracts.land.reader_version", lambda: "newer")
    again = land(inbox).files
    assert [(s.extract, s.rows_read) for s in again] == [(s.extract, s.rows_read) for s in before.files]
    assert again[0].parquet != before.files[0].parquet
    assert all(path.read_bytes() == data for path, data in kept.items())  # what was landed is never written again


def test_a_landed_file_that_the_disk_has_damaged_is_read_again(inbox: Path) -> None:
    write_text(inbox / "学校.csv", SCHOOLS)
    (sheet,) = land(inbox).files
    path = inbox.parents[1] / "lake" / "extracts" / sheet.file_id / sheet.parquet
    good = path.read_bytes()
    path.write_bytes(good[:-9] + b"x" + good[-8:])
    assert land(inbox).files == (sheet,)
    assert path.read_bytes() == good


def test_landing_twice_writes_the_same_bytes(inbox: Path, tmp_path: Path) -> None:
    write_xlsx(inbox / "月报.xlsx", {"汇总": ROLL})
    lakes = [tmp_path / "a", tmp_path / "b"]
    for lake in lakes:
        land_inbox(inbox, lake, say_nothing)
    first, second = ({p.relative_to(lake): p.read_bytes() for p in lake.rglob("*") if p.is_file()} for lake in lakes)
    assert first == second


def refusals(inbox: Path) -> list[tuple[str, str]]:
    return [(p.rule, p.message) for p in land(inbox).refusals]


def test_what_is_no_spreadsheet_is_refused_by_name(inbox: Path) -> None:
    (inbox / "通知.pdf").write_bytes(b"%PDF-1.7 x")
    [(rule, message)] = refusals(inbox)
    assert rule == "file_alien"
    assert "通知.pdf" in message and "PDF文件" in message


def test_a_password_is_named(inbox: Path) -> None:
    plain = write_xlsx(inbox.parent / "a.xlsx", {"学校": SCHOOLS}).read_bytes()
    locked = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(plain)).encrypt("secret", locked)
    (inbox / "学校名册.xlsx").write_bytes(locked.getvalue())
    [(rule, message)] = refusals(inbox)
    assert rule == "file_encrypted"
    assert "学校名册.xlsx" in message
    assert "去掉密码" in message


def test_wrong_headings_name_the_nearest_extract(inbox: Path) -> None:
    write_text(inbox / "学校.csv", [[h for h in SCHOOLS[0] if h != "办学类型"], ["x"] * 5])
    [(rule, message)] = refusals(inbox)
    assert rule == "file_unknown"
    assert "学校.csv" in message
    assert "最接近《学校名册》" in message
    assert "缺少列：办学类型" in message


def test_a_file_without_any_known_heading_is_refused(inbox: Path) -> None:
    write_text(inbox / "随便.csv", [["甲", "乙"], ["1", "2"]])
    [(rule, message)] = refusals(inbox)
    assert rule == "file_headings" and "看到的是：甲、乙" in message


def test_an_empty_workbook_is_called_empty(inbox: Path) -> None:
    write_xlsx(inbox / "空.xlsx", {"Sheet1": [], "Sheet2": []})
    [(rule, message)] = refusals(inbox)
    assert rule == "file_empty" and "空.xlsx" in message


def test_rows_without_headings_are_not_repeated_in_a_message(inbox: Path) -> None:
    write_text(inbox / "名单.csv", [["张三", "500153201509010011"]])
    [(rule, message)] = refusals(inbox)
    assert rule == "file_headings" and "没有表头" in message and "张三" not in message


def test_a_word_document_is_called_one(inbox: Path) -> None:
    docx.Document().save(str(inbox / "月报.xlsx"))
    [(rule, message)] = refusals(inbox)
    assert rule == "file_alien" and "Word文档" in message and "后缀" not in message


def test_a_packed_file_is_to_be_unpacked(inbox: Path) -> None:
    with zipfile.ZipFile(inbox / "各校月报.zip", "w") as package:
        package.writestr("月报.xlsx", b"PK")
    [(rule, message)] = refusals(inbox)
    assert rule == "file_alien" and "请解压后" in message


def test_a_misspelt_heading_stands_beside_the_lacking_one(inbox: Path) -> None:
    write_text(inbox / "学校.csv", [["办学类形" if h == "办学类型" else h for h in SCHOOLS[0]], ["x"] * 6])
    [(rule, message)] = refusals(inbox)
    assert rule == "file_unknown" and "缺少列：办学类型；表中不认识的列：办学类形。" in message


def test_a_broken_sheet_beside_a_good_one_does_not_pass_silently(inbox: Path) -> None:
    broken = [[h for h in SCHOOLS[0] if h != "城乡类型"], ["x"] * 5]
    write_xlsx(inbox / "两表.xlsx", {"汇总": ROLL, "学校": broken})
    landing = land(inbox)
    assert [s.extract for s in landing.files] == ["class_roll"]
    assert [(p.rule, p.sheet) for p in landing.refusals] == [("file_unknown", "学校")]
    assert land(inbox).refusals == landing.refusals


@pytest.mark.parametrize("title", ["涉案未成年人名册", "荣昌区涉案未成年人情况"])
def test_sealed_children_by_name_are_refused_and_not_kept(inbox: Path, title: str) -> None:
    write_text(inbox / "名册.csv", [[title], ["镇街", "姓名", "身份证件号", "类别"], ["昌元街道", "某某", make_id(), "困境儿童"]])
    [(rule, message)] = refusals(inbox)
    assert rule == "sealed_by_name"
    assert "依法只报人数" in message
    assert not list((inbox.parents[1]).glob("lake/extracts/**/*.parquet"))


def test_sealed_counts_are_received(inbox: Path) -> None:
    write_text(inbox / "人数.csv", [["涉案未成年人情况（只报人数）"], ["镇街", "人数", "在校人数", "未在校人数"], ["昌元街道", 1, 1, 0]])
    assert [s.extract for s in land(inbox).files] == ["sealed"]


def test_refusals_say_what_is_wrong_and_what_to_do() -> None:
    parts = {"file": "a", "extract": "b", "lacking": "c", "reason": "d", "period": "e", "month": "f", "rows": 1,
             "quarantined": 1, "limit": 0.2, "heading": "g", "found": "h", "unknown": "i", "choices": "j"}  # fmt: skip
    for rule in RULES.values():
        sentence = rule.say(**parts)
        assert sentence.endswith("。")
        assert sentence.count("。") >= 2
