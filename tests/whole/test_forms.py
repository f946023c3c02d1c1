"""The Excel round trip: a hundred forms go out, come back shuffled, re-saved and partly filled, and nothing is lost."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import duckdb
import fastexcel
import polars as pl
import pytest

from flows.settings import Home, prepare_home, read_key, read_reference_hash
from schemas.bimester import Bimester
from schemas.calendar import default_issue_date
from tests.whole.returned import WAYS, Form, fill_in, hand_back, open_form, resave
from transforms.build import WorkInputs, build_work_file
from transforms.cases import export_openings
from transforms.documents.case_forms import list_case_papers, write_case_papers
from transforms.documents.platform_forms import read_platform_columns
from transforms.documents.reading import Source
from transforms.extracts.land import land_inbox
from transforms.sample.write import write_sample
from transforms.validated.validate import validate_period

BEFORE, NOW = Bimester.parse("2025-B2"), Bimester.parse("2025-B3")
NAMES = ("核实反馈表", "劝返记录表", "摸排表", "在校学生月报表")
COUNT = 100
KEY = b"k" * 32


@dataclass(frozen=True)
class World:
    """A home whose B2 was run, its forms, what was handed back in B3, and B3's work file."""

    home: Home
    work: Path
    returned: dict[str, Form]

    def open(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(str(self.work), read_only=True)


def build(home: Home, period: Bimester, held: tuple[Path, ...], openings: tuple[Path, ...], name: str = "run") -> Path:
    """Land, validate and build one period; return its work file."""
    landing = land_inbox(home.inbox / str(period), home.lake, lambda _: None)
    folder = home.validated(str(period), name)
    validated = validate_period(landing, period, held, folder, lake=home.lake)
    assert [p.message for p in validated.refusals] == []
    work = home.root / f"{period}-{name}.duckdb"
    inputs = WorkInputs(period, 1, default_issue_date(period), (*held, folder), openings, pseudonym_key=read_key(home))
    build_work_file(work, inputs)
    return work


def run_before(home: Home) -> tuple[Path, Path]:
    """Run B2 and write its papers; return its validated folder and its case openings."""
    work = build(home, BEFORE, (), ())
    openings = home.openings(str(BEFORE), "run")
    openings.mkdir(parents=True)
    con = duckdb.connect(str(work), read_only=True)
    try:
        export_openings(con, openings, str(BEFORE))
        write_case_papers(con, home.out, BEFORE, 1, default_issue_date(BEFORE), issuer="区教委", manifest_id="m")
    finally:
        con.close()
    return home.validated(str(BEFORE), "run"), openings


def list_sheets(home: Home) -> list[tuple[Path, int]]:
    """The sheets of a hundred forms of all kinds, in an order of no meaning."""
    paths = [p for p in sorted(home.out.rglob("*.xlsx")) if p.stem.startswith(NAMES)]
    filled = [p for p in paths if not p.stem.startswith("摸排表") or open_form(p).rows]
    empty = [p for p in paths if p not in filled]
    chosen = [*filled, *empty][:COUNT]
    random.Random(5).shuffle(chosen)
    return [(path, index) for path in chosen for index in range(2 if path.stem.startswith("在校") else 1)]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    home = prepare_home(Home(tmp_path_factory.mktemp("home")))
    (home.private / "key.bin").write_bytes(KEY)
    write_sample(home.root, NOW, back=1, pupils=300, say=lambda _: None)
    shutil.rmtree(home.inbox / str(NOW) / "学校")  # the months' reports come on our forms
    held, openings = run_before(home)
    dice, returned, inbox = random.Random(7), {}, home.inbox / str(NOW) / "收到"
    inbox.mkdir(parents=True)
    for number, (path, index) in enumerate(list_sheets(home)):
        form = fill_in(open_form(path, index), dice, number)
        saved = hand_back(form, WAYS[number % len(WAYS)], inbox, f"{number:03d}")
        returned[saved.relative_to(home.inbox / str(NOW)).as_posix()] = form
    return World(home, build(home, NOW, (held,), (openings,)), returned)


@pytest.fixture(scope="module")
def lines(world: World) -> pl.DataFrame:
    """Every line of the returned forms as it was read, with the file it stood in."""
    con = world.open()
    frame = con.execute("""select distinct on (l.file_id, l.sheet, l.source_row) f.file_name, l.* from validated.form_line l
        join validated.file f using (period, file_id, extract) where l.period = ?""", [str(NOW)]).pl()  # fmt: skip
    con.close()
    return frame.filter(pl.col("file_name").is_in(list(world.returned)))


def test_a_hundred_forms_of_every_kind_came_back(world: World):
    kinds = Counter(form.extract for form in world.returned.values())
    assert len({form.path for form in world.returned.values()}) == COUNT
    assert all(kinds[extract] > 3 for extract in ("verification", "persuasion", "suspect", "absentee", "class_roll")), kinds


def test_every_line_is_read_and_meets_its_fate(world: World, lines: pl.DataFrame):
    for name, form in world.returned.items():
        found = Counter(lines.filter(file_name=name)["fate"])
        wanted = Counter(line.fate for line in form.lines)
        assert found == wanted, (name, form.extract, form.path.stem)


def test_every_answer_is_found_as_it_was_given(world: World, lines: pl.DataFrame):
    con = world.open()
    told = {"verification": "verification_result", "persuasion": "visit_result", "suspect": "suspect_type",
            "class_roll": "present_count"}  # fmt: skip
    for extract, column in told.items():
        rows = con.execute(f"select file_id, {column}::varchar as answer from validated.{extract} where period = ?", [str(NOW)]).pl()
        files = lines.select("file_id", "file_name").unique()
        found = Counter(rows.join(files, on="file_id").select("file_name", "answer").rows())
        wanted = Counter((name, line.said[column]) for name, form in world.returned.items() if form.extract == extract
                         for line in form.lines if line.fate == "accepted")  # fmt: skip
        assert found == wanted, extract
    con.close()


def test_what_was_found_out_reaches_its_case(world: World):
    """A case number of the period before still names its case: each accepted answer is an event of it."""
    con = world.open()
    events = set(con.execute("select case_no, event from cases.event where learned_in_period = ?", [str(NOW)]).fetchall())
    answered = {(line.said["case_no"], line.said["verification_result"]) for form in world.returned.values()
                if form.extract == "verification" for line in form.lines
                if line.fate == "accepted" and line.said["case_no"]}  # fmt: skip
    con.close()
    assert len(answered) > 10 and answered <= events


def read_receipts(world: World) -> dict[str, pl.DataFrame]:
    """Folder → the lines of its 回执, as the sender would read them; who sent in no form has no sheet of lines."""
    con = world.open()
    out = world.home.root / "papers"
    write_case_papers(con, out, NOW, 1, default_issue_date(NOW), issuer="区教委", manifest_id="m")
    con.close()
    books = {p.parent.relative_to(out).as_posix(): fastexcel.read_excel(p) for p in sorted(out.rglob("回执.xlsx"))}
    return {place: book.load_sheet("逐行回执", header_row=1, dtypes="string").to_polars()
            for place, book in books.items() if "逐行回执" in book.sheet_names}  # fmt: skip


def test_each_sender_gets_a_receipt_that_tells_each_line(world: World):
    receipts = read_receipts(world)
    for name, form in world.returned.items():
        place = form.path.parent.relative_to(world.home.out).as_posix()
        wanted = Counter(line.fate for line in form.lines if (form.extract, line.fate) != ("absentee", "not_answered"))
        if not wanted and place not in receipts:
            continue  # an empty form has no line to tell of
        told = receipts[place].filter(pl.col("文件") == name)
        words = {"accepted": "已接收", "quarantined": "未接收", "not_answered": "未反馈"}
        assert Counter(told["处理结果"]) == {words[fate]: count for fate, count in wanted.items()}, (name, place)
        refused = told.filter(pl.col("处理结果") == "未接收")["说明和改法"].to_list()
        assert all("请" in text for text in refused)
    everything = pl.concat(receipts.values(), how="diagonal")
    assert everything.filter((pl.col("处理结果") == "已接收") & pl.col("说明和改法").str.contains("已记入案件")).height > 10


def test_a_folder_names_no_child_of_another(world: World):
    """Every workbook of a school or 镇街, receipts included; a doubled registry record stands at both its schools."""
    con = world.open()
    homes = con.execute("""select p.name, list(distinct school.school_code || ' ' || school.school_name)
        || list(distinct place.township) from conformed.place place join conformed.person p using (person_id)
        left join conformed.school school on place.school_code = school.school_code group by p.name""").fetchall()  # fmt: skip
    belongs = {name: {f"学校/{x}" for x in places if x} | {f"镇街/{x}" for x in places if x} for name, places in homes}
    seen = 0
    for place, paper, sheets in list_case_papers(Source(con, NOW, 1), read_platform_columns()):
        named = [s.frame["name"].drop_nulls() for s in sheets if "name" in s.frame.columns and s.name != "问题学籍清单"]
        if place != "区级" and named:
            strangers = [n for n in pl.concat(named) if belongs.get(n) and place not in belongs[n]]
            assert strangers == [], (place, paper)
            seen += 1
    con.close()
    assert seen > COUNT


def test_handing_in_twice_changes_nothing(world: World):
    """The same forms again, re-saved another way: cases, events and counts stay."""
    inbox = world.home.inbox / str(NOW) / "又收到"
    inbox.mkdir()
    for number, form in enumerate(world.returned.values()):
        hand_back(form, WAYS[(number + 1) % len(WAYS)], inbox, f"{number:03d}")
    held, openings = world.home.validated(str(BEFORE), "run"), world.home.openings(str(BEFORE), "run")
    again = build(world.home, NOW, (held,), (openings,), "again")
    shutil.rmtree(inbox)
    con = duckdb.connect()
    con.execute(f"attach '{world.work}' as first (read_only)")
    con.execute(f"attach '{again}' as second (read_only)")
    for table in ('cases."case"', "cases.balance", "compared.finding", "conformed.class_month", "indicators.value"):
        lost = con.execute(f"select count(*) from (from first.{table} except from second.{table})").fetchone()
        assert lost == (0,), table
    columns = "case_no, event, happened_on, learned_in_period"
    differ = con.execute(f"select count(*) from (select {columns} from second.cases.event except select {columns} from first.cases.event)")
    assert differ.fetchone() == (0,)
    con.close()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="没有安装 LibreOffice，不能试另存")
@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_libreoffice_saves_our_forms_and_they_read_back(world: World, tmp_path: Path, kind: str):
    """The very files that went out, saved by another office program: every sheet, line and count is still there."""
    kinds = {p.stem[:3]: p for p in sorted(world.home.out.rglob("*.xlsx")) if p.stem.startswith(NAMES)}
    resave(list(kinds.values()), kind, tmp_path / "saved", tmp_path / "profile")
    for path in kinds.values():
        for index in range(2 if path.stem.startswith("在校") else 1):
            ours, theirs = open_form(path, index), open_form(tmp_path / "saved" / f"{path.stem}.{kind}", index)
            assert (theirs.extract, theirs.rows) == (ours.extract, ours.rows), path.name


@pytest.mark.skipif(shutil.which("soffice") is None, reason="没有安装 LibreOffice，不能试另存")
@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_filled_forms_saved_by_libreoffice_keep_every_answer(world: World, tmp_path: Path, kind: str):
    filled = list(world.returned.values())[:12]
    paths = [hand_back(form, "xlsx", tmp_path, f"{number:02d}") for number, form in enumerate(filled)]
    resave(paths, kind, tmp_path / "saved", tmp_path / "profile")
    for form, path in zip(filled, paths, strict=True):
        again = open_form(tmp_path / "saved" / f"{path.stem}.{kind}")
        assert (again.extract, again.columns, again.rows) == (form.extract, form.columns, form.rows), form.path.name


def test_the_homes_own_platform_columns_are_an_input_of_the_run(world: World, tmp_path: Path):
    home = Home(tmp_path)
    before = read_reference_hash(home)
    home.platform_forms.parent.mkdir()
    home.platform_forms.write_text("表名,栏目,数据项,宽度\n", encoding="utf-8")
    assert read_reference_hash(home) != before == read_reference_hash(world.home)
