"""An invented district's intake: every child of the list has its one notice, in its own school's folder and no other."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import docx
import pypdf
import pytest

from flows.notices import make_notices
from flows.settings import Home, prepare_home
from schemas.bimester import Bimester
from transforms.sample.write import write_sample

YEAR, DAY = 2025, date(2025, 6, 20)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = prepare_home(Home(tmp_path_factory.mktemp("home")))
    write_sample(made.root, Bimester(YEAR, 3), pupils=400, say=lambda _: None)
    return made


@pytest.fixture(scope="module")
def folder(home: Home) -> Path:
    return make_notices(home, YEAR, DAY, lambda _: None)


def read_intake(home: Home) -> list[dict[str, str]]:
    text = next(home.inbox.rglob("招生/*.csv")).read_text(encoding="gb18030")
    return list(csv.DictReader(text.splitlines()))


def test_every_new_pupil_has_one_notice_and_one_receipt_in_its_own_folder(home: Home, folder: Path):
    wanted = Counter((row["录取学校标识码"], row["姓名"]) for row in read_intake(home))
    found: Counter[tuple[str, str]] = Counter()
    numbers: list[str] = []
    for path in folder.glob("*/入学通知书.docx"):
        document = docx.Document(str(path))
        text = "\n".join(p.text for p in document.paragraphs)
        names = re.findall(r"你的孩子（被监护人）([^（]+)", text)
        found.update((path.parent.name.split(" ")[0], name) for name in names)
        numbers += re.findall(r"^入学〔2025〕(\d+)号$", text, re.MULTILINE)
        assert len(document.tables) == len(names)  # the receipts
        assert all(name in table.cell(1, 1).text for name, table in zip(names, document.tables, strict=True))
    assert found == wanted and sum(wanted.values()) > 25
    assert sorted(map(int, numbers)) == list(range(1, len(numbers) + 1))


def test_each_notice_is_one_sheet_and_the_print_file_holds_them_all(home: Home, folder: Path):
    pages = [page.extract_text() for page in pypdf.PdfReader(folder / "全部入学通知书（打印用）.pdf").pages]
    firsts = [i for i, text in enumerate(pages) if "义务教育入学通知书" in text]
    assert len(firsts) == len(read_intake(home)) and all(b - a == 4 for a, b in pairwise(firsts))
    assert all("送达回证" in pages[i + 2] and not pages[i + 3].strip() for i in firsts[:-1])


def test_a_schools_notice_orders_nothing_in_its_own_voice(folder: Path):
    """责令 stands once a notice, inside the quoted article 58; no fine, no punishment."""
    for path in folder.glob("*/入学通知书.docx"):
        text = "\n".join(p.text for p in docx.Document(str(path)).paragraphs)
        quoted = re.findall(r"第五十八条规定：“[^”]*责令限期改正。”", text)
        assert len(quoted) == text.count("责令") == text.count("义务教育入学通知书")
        assert not re.search("处罚|罚款|强制", text)
