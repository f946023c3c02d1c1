"""A recipient's workbook under its password: opens with it alone, holds all sheets, and counts as the same when it is made again."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import fastexcel
import msoffcrypto
import polars as pl
import pytest

from flows.options import OPTIONS
from flows.passwords import find_passwords, wants_sealed
from flows.settings import Home, prepare_home
from flows.stage import Staged
from transforms.documents.sealed import merge_sheets, write_sealed
from transforms.documents.workbook import Sheet, SheetColumn

DAY = date(2025, 7, 10)
PLACE = "镇街/甲镇"


def sheet(name: str, *values: str) -> Sheet:
    return Sheet(name, name, (SheetColumn("name", "姓名"),), pl.DataFrame({"name": list(values)}))


BOOKS = {
    PLACE: [("核实反馈表", [sheet("核实反馈", "王一")]), ("摸排表（东村）", [sheet("摸排表", "李二")]), ("劝返清单", [sheet("汇总"), sheet("未返")])],
    "镇街/乙镇": [("回执", [sheet("逐行", "钱四")])],
}  # fmt: skip


def open_book(path: Path, password: str) -> fastexcel.ExcelReader:
    plain, sealed = BytesIO(), msoffcrypto.OfficeFile(BytesIO(path.read_bytes()))
    sealed.load_key(password=password, verify_password=True)
    sealed.decrypt(plain)
    return fastexcel.read_excel(plain.getvalue())


def test_its_own_password_opens_it_and_no_other(tmp_path):
    passwords = {PLACE: "甲镇的密码", "镇街/乙镇": "别的"}
    paths = write_sealed(BOOKS, passwords, tmp_path, DAY, {"作者": "区教委"})
    assert [p.relative_to(tmp_path).as_posix() for p in paths] == ["加密/镇街/乙镇.xlsx", "加密/镇街/甲镇.xlsx", "加密/内容校验.csv"]
    book = open_book(tmp_path / "加密/镇街/甲镇.xlsx", "甲镇的密码")
    assert book.sheet_names == ["核实反馈表", "摸排表（东村）", "劝返清单·汇总", "劝返清单·未返"]
    with pytest.raises(msoffcrypto.exceptions.InvalidKeyError):
        open_book(tmp_path / "加密/镇街/甲镇.xlsx", "别的")
    for path in paths:
        raw = path.read_bytes()
        assert not [p for p in passwords.values() if p.encode() in raw or p.encode("utf-16-le") in raw]
        assert "王一".encode() not in raw and not path.stat().st_mode & 0o077


def test_made_again_it_counts_as_the_same(tmp_path):
    hashes, raw = [], []
    for name in ("first", "second"):
        write_sealed(BOOKS, {PLACE: "x"}, tmp_path / name, DAY, {})
        hashes.append(Staged(tmp_path, tmp_path / name, tmp_path, tmp_path).hash_papers())
        raw.append((tmp_path / name / "加密/镇街/甲镇.xlsx").read_bytes())
    assert hashes[0] == hashes[1] and raw[0] != raw[1] and len(hashes[0]) == 2


def test_sheets_of_one_name_keep_apart():
    long = "村社劝学责任清单（" + "很" * 30
    names = [s.name for s in merge_sheets([(long + "长的东村）", [sheet("a")]), (long + "长的西村）", [sheet("a")])])]
    assert len(set(names)) == 2 and all(len(name) <= 31 for name in names)


def test_a_recipient_keeps_its_password_and_a_new_one_gets_its_own(tmp_path):
    home = prepare_home(Home(tmp_path))
    first = find_passwords(home, [PLACE])
    both = find_passwords(home, [PLACE, "学校/1000000001 甲小学"])
    assert both[PLACE] == first[PLACE] and len(set(both.values())) == 2
    assert home.passwords.stat().st_mode & 0o077 == 0
    assert "甲小学" in home.passwords.read_text(encoding="utf-8-sig")


def test_nothing_is_sealed_unless_the_office_asks_for_it(tmp_path):
    home = prepare_home(Home(tmp_path))
    assert not wants_sealed(home)
    home.options.write_text("传送:\n  加密工作簿: 是\n", encoding="utf-8")
    assert wants_sealed(home)
    assert ("传送", "加密工作簿") in {(o.section, o.key) for o in OPTIONS}
