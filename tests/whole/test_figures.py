"""A small invented district's papers are read back: every figure in text, table and workbook is a cell of the work file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docx
import duckdb
import fastexcel
import numpy as np
import polars as pl
import pypdf
import pytest

from flows.settings import Home, prepare_home
from schemas.bimester import Bimester
from schemas.calendar import default_issue_date
from schemas.compared import COMPARISONS
from schemas.indicators import INDICATORS
from transforms.build import WorkInputs, build_work_file
from transforms.documents import counted
from transforms.documents.context import ReportContext, read_report
from transforms.documents.papers import write_papers
from transforms.documents.quarter import find_quarter
from transforms.documents.reading import Source
from transforms.documents.wording import print_rate
from transforms.documents.zones import LEVELS, RATES, list_zone_papers
from transforms.extracts.land import land_inbox
from transforms.sample.write import write_sample
from transforms.validated.validate import validate_period

NOW = Bimester.parse("2025-B5")
ISSUED = default_issue_date(NOW)
NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Published:
    con: duckdb.DuckDBPyConnection
    out: Path

    def rows(self, sql: str) -> list[tuple]:
        return self.con.execute(sql).fetchall()

    def read(self, name: str) -> docx.document.Document:
        return docx.Document(str(self.out / f"{name}.docx"))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    home = prepare_home(Home(tmp_path_factory.mktemp("home")))
    write_sample(home.root, NOW, pupils=400, say=lambda _: None)
    validated, work = home.validated(str(NOW), "run"), home.work / "work.duckdb"
    validated.mkdir(parents=True)
    landing = land_inbox(home.inbox / str(NOW), home.lake, lambda _: None)
    validate_period(landing, NOW, (), validated, lake=home.lake, say=lambda _: None)
    build_work_file(work, WorkInputs(NOW, 1, ISSUED, (validated,), (), pseudonym_key=b"k" * 32), lambda _: None)
    with duckdb.connect(str(work), read_only=True) as con:
        write_papers(con, home.out, NOW, 1, ISSUED, draft=False, manifest_id="m", system_fonts=False)
        yield Published(con, home.out)


def list_tables(document: docx.document.Document) -> dict[str, list[tuple[str, ...]]]:
    """Caption (without its number) → every row as printed, headings included."""
    found, caption = {}, ""
    for element in document.element.body.iterchildren():
        if element.tag.endswith("}p"):
            caption = "".join(t.text or "" for t in element.iter("{*}t")) or caption
        elif element.tag.endswith("}tbl"):
            rows = [tuple("".join(t.text or "" for t in cell.iter("{*}t")) for cell in row.iter("{*}tc")) for row in element.iter("{*}tr")]
            found[caption.split("　", 1)[-1]] = rows
    return found


@pytest.fixture(scope="module")
def tables(published: Published) -> dict[str, list[tuple[str, ...]]]:
    return list_tables(published.read("区级/双月报工作底稿"))


@pytest.fixture(scope="module")
def review(published: Published) -> dict[str, list[tuple[str, ...]]]:
    return list_tables(published.read("区级/一季度一复核"))


def test_every_counted_table_prints_its_query(published: Published, tables, review):
    source = Source(published.con, NOW, 1)
    held = counted.read_counts(source)
    assert {"suspect_by_township", "case_by_stage", "opening_return", "roll_check", "due_by_owner", "plan_by_zone"} <= set(held)
    for name, counts in held.items():
        if name in ("confirmed", "sealed", "quarter_cases"):
            continue  # said in the prose, or printed in the quarter's review
        printed = tables[counts.caption]
        wanted = [tuple(counted.print_cell(cell) for cell in row) for row in counts.rows]
        if name not in ("opening_return", "opening_by_school", "registry_faults"):  # these add several rows of the query up
            direct = counted.query(source, name)
            assert sorted(wanted) == sorted(tuple(counted.print_cell(cell) for cell in row) for row in direct), name
        assert all(row in printed for row in wanted), name
        total = [row for row in printed if row[0] == "合计"]
        for row in total:
            assert [int(cell) for cell, key in zip(row, counts.keys, strict=True) if key in counts.sums] == list(counts.sums.values()), name
    quarter = find_quarter(NOW)
    direct = counted.query(source, "quarter_cases", quarter_first=quarter.first_day, quarter_last=quarter.last_day)
    printed = review[held["quarter_cases"].caption]
    assert direct and set(printed) >= {tuple(counted.print_cell(cell) for cell in row) for row in direct}
    for name in ("roll_check", "opening_return", "case_by_stage"):  # the quarter's review prints the working paper's tables
        assert review[held[name].caption] == tables[held[name].caption]


def test_the_tables_of_ledgers_comparisons_and_rates_are_the_cells(published: Published, tables):
    label = NOW.label
    ledgers = {row[0]: row[1:] for row in tables[f"{label}台账增减（单位：人）"][1:]}
    titles = {"school_age": "适龄儿童少年台账", "suspected": "疑似辍学学生台账", "dropout": "辍学学生台账", "tracked": "在册跟踪台账"}
    for name, *sums in published.rows("select ledger, opening, added, closed, closing from cases.balance"):
        if any(sums):
            assert ledgers[titles[name]] == tuple(str(count) for count in sums)
    found = dict(published.rows("select comparison, count(*) from compared.finding group by 1"))
    printed = {row[0]: row[1] for row in tables[f"{label}比对发现情况"][1:]}
    for name, reported in published.rows("select comparison, reported from compared.coverage"):
        if COMPARISONS[name].per_child:
            assert printed[COMPARISONS[name].label] == (str(found.get(name, 0)) if reported else "未报送"), name
    towns = {row[0]: row for row in tables[f"各镇街{label}入学、巩固和辍学情况（单位：人）"][2:]}
    cells = published.rows("select area_name, numerator, denominator from indicators.value where area_level = 'township' and "
                           "indicator = 'enrolment_rate' and stage = 'all' and population_group = 'all' and denominator > 0")  # fmt: skip
    assert cells
    for town, top, bottom in cells:
        assert towns[town][1:4] == (str(bottom), str(bottom - top), print_rate(top, bottom))


def list_prose(document: docx.document.Document) -> str:
    return "\n".join(p.text for p in document.paragraphs if p.style.name in ("Normal", "主送机关"))


def test_every_number_of_the_prose_is_a_cell_or_a_sum_of_cells(published: Published, tables, review):
    """Text, table and workbook from the same cells: what the prose says stands in a table or in the work file."""
    printed = [*tables.values(), *review.values()]
    known = {number for rows in printed for row in rows for cell in row for number in NUMBER.findall(cell)}
    values = published.rows("select numerator, denominator, rate_low, rate_high from indicators.value where area_level = 'district'")
    for top, bottom, *bounds in values:
        known |= {str(n) for n in (top, bottom, (bottom or 0) - (top or 0))} | {print_rate(top, bottom)}
        known |= {print_rate(round(b * bottom), bottom) for b in bounds if b is not None and bottom}
    schools = published.rows("select count(*) from conformed.school where is_reporting group by school_type")
    states = published.rows('select count(*) from cases."case" group by state')
    known |= {str(n) for (n,) in [*schools, *states]}
    out = published.rows("select count(*) from cases.\"case\" where state in ('劝返中', '失联')")
    again = published.rows('select count(*) filter (where returned_on between \'2025-09-01\' and \'2025-10-31\') from cases.standing')
    files = published.rows("select count(distinct file_id), sum(rows_read), sum(quarantined) from validated.file")
    silent = published.rows("select count(distinct school_code), count(*) from compared.school_month where silent")
    known |= {str(n) for rows in (out, again, files, silent) for row in rows for n in row}
    known |= {print_rate(files[0][2], files[0][1])}
    areas = published.rows("""select count(*), count(*) filter (where numerator = denominator), count(*) filter (where numerator < denominator)
        from indicators.value where area_level = 'township' and indicator = 'enrolment_rate' and stage = 'all' and grade = 'all'
          and population_group = 'all' and denominator > 0""")  # fmt: skip
    known |= {str(n) for n in areas[0]}
    kinds = published.rows("select count(*) from conformed.enrolment group by stage union all select count(*) from conformed.enrolment")
    special = published.rows("""select stage, count(*) from conformed.enrolment semi join
        (from conformed.school where school_type = '特殊教育学校') using (school_code) group by stage""")
    known |= {str(n) for (n,) in kinds} | {str(sum(n for _, n in special))}
    by_stage = dict(published.rows("select stage, count(*) from conformed.enrolment group by stage"))
    known |= {str(by_stage[stage] - count) for stage, count in special}
    days = {str(n) for n in (2025, 2026, 5, 9, 10, 11, 31, 1, 100)} | {"100.00"}  # dates, 第1版, 目标
    for name in ("双月报上报稿", "双月报工作底稿", "领导参阅件", "一季度一复核"):
        text = re.sub(r"清单编号\S+", "", list_prose(published.read(f"区级/{name}")))
        strange = sorted(set(NUMBER.findall(text)) - known - days)
        assert len(NUMBER.findall(text)) > 20
        assert strange == [], (name, [line for line in text.split("\n") if any(s in NUMBER.findall(line) for s in strange)])


def read_book(path: Path, sheet: str) -> list[tuple]:
    return fastexcel.read_excel(path).load_sheet(sheet, header_row=None, dtypes="string").to_polars().rows()


AREAS = {"全区": "district", "镇街": "township", "学区": "school_zone", "督导责任区": "supervision_zone", "学校": "school"}


@pytest.mark.parametrize("sheet", AREAS)
def test_the_table_of_indicators_is_the_cells(published: Published, sheet: str):
    """Every row with its place, stage and counts; the district's with grade and group too."""
    titles = {name: indicator.title for name, indicator in INDICATORS.items()}
    _, heads, *rows = read_book(published.out / "区级/指标表.xlsx", sheet)
    parts = "" if sheet == "全区" else "and grade = 'all' and population_group = 'all'"
    cells = published.rows(f"""select indicator, area_name, stage, numerator, denominator from indicators.value
        where area_level = '{AREAS[sheet]}' {parts}""")  # fmt: skip
    stages = {"all": "合计", "primary": "小学", "junior": "初中"}
    wanted = sorted((titles[name], "" if sheet == "全区" else area, stages[stage], str(top), str(bottom), print_rate(top, bottom))
                    for name, area, stage, top, bottom in cells)  # fmt: skip
    at = {head: heads.index(head) for head in ("指标", "学段", "分子", "分母", "率（%）")}
    place = heads.index(sheet) if sheet in heads else None
    found = sorted(
        (row[0], row[place] if place else "", row[at["学段"]], *(str(row[at[key]] and int(float(row[at[key]]))) for key in ("分子", "分母")),
         f"{float(rate):.2f}" if (rate := row[at["率（%）"]]) else "—")
        for row in rows if row[at["学段"]])  # fmt: skip
    assert found == wanted and len(found) > 30


def test_every_sum_that_must_hold_is_ticked_and_differences_are_explained(published: Published):
    rows = read_book(published.out / "区级/数据勾稽核对表.xlsx", "数据勾稽")[2:-1]
    assert len(rows) > 25
    for _, group, _, left, _, right, result, why in rows:
        assert (result == "√") == (left == right)
        assert result == "√" or (why and group != "应入学算式")


def test_a_zone_reads_its_own_schools_and_hides_the_small_cells_of_others(published: Published):
    zones = published.rows("select school_zone, list(school_name) from conformed.school where is_reporting group by 1")
    everybody = {name for _, names in zones for name in names}
    own = {(zone, name): print_rate(top, bottom) for zone, name, top, bottom in published.rows("""
        select area_name, indicator, numerator, denominator from indicators.value where area_level = 'school_zone' and stage = 'all'
            and grade = 'all' and population_group = 'all' and denominator > 0""")}  # fmt: skip
    for zone, names in zones:
        path = published.out / f"学区/{zone}/学校控辍保学情况.xlsx"
        text = "\n".join(str(cell) for sheet in fastexcel.read_excel(path).sheet_names for row in read_book(path, sheet) for cell in row)
        assert {name for name in everybody if name in text} == set(names)
        line = next(row for row in read_book(path, "各学区对照") if row[0] == zone)
        assert line[1:] == tuple(own.get((zone, name)) for name in RATES)
        for area, *_ in published.rows("""select area_name from indicators.value where area_level = 'school_zone' and suppressed
                and indicator = 'retention_rate_year' and stage = 'all' and grade = 'all' and population_group = 'all'"""):  # fmt: skip
            line = next(row for row in read_book(path, "各学区对照") if row[0] == area)
            assert line[2] == "*" or area == zone
    lost = dict(published.rows("""select school_code, denominator - numerator from indicators.value where area_level = 'school'
        and indicator = 'retention_rate_year' and stage = 'all' and grade = 'all' and population_group = 'all'"""))
    names = dict(published.rows("select school_name, school_code from conformed.school"))
    inspected = read_book(published.out / "督导室/学校控辍保学情况.xlsx", "学校情况")[2:]
    assert sum(row[1] in names for row in inspected) == len(everybody)
    pupils = dict(published.rows("select school_code, count(*) from conformed.enrolment group by all"))
    cases = {code: counts for code, *counts in published.rows("""select school_code, count(*), count(*) filter (where overdue_working_days > 0)
        from cases."case" where state <> '已销号' and school_code is not null group by all""")}  # fmt: skip
    for row in inspected:
        if row[1] in names:
            code = names[row[1]]
            assert [int(row[3]), int(row[8]), int(row[9])] == [pupils[code], *cases.get(code, [0, 0])]
            assert lost.get(code) is None or int(row[5]) == lost[code]


def test_no_zone_reads_a_child(published: Published):
    names = {name for (name,) in published.rows("select distinct name from conformed.person where length(name) > 2")}
    books = [path for place in ("学区", "督导责任区") for path in (published.out / place).rglob("*.*") if path.is_file()]
    assert len(books) > 5 and {path.suffix for path in books} == {".xlsx"}
    for path in books:
        cells = {cell for sheet in fastexcel.read_excel(path).sheet_names for row in read_book(path, sheet) for cell in row}
        assert not cells & names, path


def test_the_inspection_draws_schools_classes_and_homes(published: Published):
    drawn = [row for row in read_book(published.out / "督导室/抽查名单.xlsx", "抽查名单")[2:] if row[1]]
    assert len(drawn) >= 3
    for _, _, name, *_, weight, why in drawn:
        assert int(weight) >= 1 and why and name
    roll = fastexcel.read_excel(published.out / "督导室/进校点名核查表.xlsx")
    assert len(roll.sheet_names) == len(drawn)
    for sheet, (_, code, *_) in zip(roll.sheet_names, drawn, strict=True):
        printed = [row[1] for row in read_book(published.out / "督导室/进校点名核查表.xlsx", sheet)[3:] if row[0] and row[0].isdigit()]
        word, room = re.search(r"([一二三四五六七八九])年级(.+)班$", sheet).groups()
        grade = "一二三四五六七八九".index(word) + 1
        held = published.rows(f"""select p.name from conformed.enrolment as e join conformed.person as p using (person_id)
            where e.school_code = '{code}' and e.grade = '{grade}' and e.class_name = '{room}'""")  # fmt: skip
        assert sorted(printed) == sorted(name for (name,) in held)


def test_the_brief_is_one_page_and_names_no_child(published: Published):
    assert len(pypdf.PdfReader(published.out / "区级/领导参阅件.pdf").pages) == 1
    text = list_prose(published.read("区级/领导参阅件"))
    names = [name for (name,) in published.rows("select distinct name from conformed.person where length(name) > 2")]
    assert not [name for name in names if name in text]


def test_the_ladder_says_how_its_last_line_becomes_those_of_the_text(published: Published):
    """未入学 of the text counts 延缓, 休学 and the like; the ladder's line of that name only those nobody can place."""
    ladder = dict(published.rows("select label, children from indicators.ladder"))
    ((missing,),) = published.rows("""select denominator - numerator from indicators.value where indicator = 'enrolment_rate'
        and area_level = 'district' and stage = 'all' and grade = 'all' and population_group = 'all'""")
    notes = [p.text for p in published.read("区级/双月报工作底稿").paragraphs if p.text.startswith("注：“未入学”")]
    without = sum(ladder[label] for label in ("休学", "延缓入学", "送教上门", "中职就读"))
    assert without and [re.findall(r"\d+", note) for note in notes] == [[str(ladder["未入学"]), str(without), str(missing)]]


def test_those_at_school_elsewhere_add_up_with_the_ladder(published: Published, tables):
    """The table of proofs counts everybody whose word holds; of these the ladder takes those of its own children."""
    ladder = dict(published.rows("select label, children from indicators.ladder"))
    without = published.rows("""select children from compared.bridge where from_register = '底册' and to_register = '学籍'
        and reason = '外地就读无学籍'""")  # fmt: skip
    head, *_, total = tables["外地就读有学籍人员佐证情况（单位：人）"]
    assert head[1:3] == ("人数", "其中计入应入学") and int(total[1]) > int(total[2])
    assert int(total[2]) + sum(n for (n,) in without) == ladder["外地就读"]


def test_pupils_of_special_schools_are_told_where_stages_count_them(published: Published, tables):
    """特殊教育 stands apart in the prose and within 小学 and 初中 in the table: its note says how many."""
    prose = list_prose(published.read("区级/双月报工作底稿"))
    apart = {word: int(count) for word, count in re.findall(r"(小学|初中|特殊教育)(\d+)人", re.search(r"在籍学生\d+人（(.+?)）", prose)[1])}
    note = next(p.text for p in published.read("区级/双月报工作底稿").paragraphs if "含特殊教育学校学生" in p.text)
    special = {word: int(count) for word, count in re.findall(r"(小学|初中)(\d+)人", note)}
    rows = {row[0]: int(row[1]) for row in tables[f"{NOW.label}在籍学生逐一核对情况（单位：人）"][1:]}
    assert sum(special.values()) == apart["特殊教育"] > 0
    assert all(rows[stage] == apart[stage] + special.get(stage, 0) for stage in ("小学", "初中"))


def test_papers_say_where_those_not_returned_live_and_print_no_bracket_of_a_code(published: Published):
    paragraphs = {name: published.read(f"区级/{name}").paragraphs for name in ("双月报上报稿", "双月报工作底稿", "领导参阅件")}
    brief = next(p.text for p in paragraphs["领导参阅件"] if "尚有" in p.text and "未返校" in p.text)
    total, areas = re.search(r"尚有(\d+)人未返校（.+?）：(.+?)。", brief).groups()
    assert sum(map(int, re.findall(r"(\d+)人", areas))) == int(total)
    assert not [p.text for found in paragraphs.values() for p in found if "(境)" in p.text]


def test_reminders_name_every_silent_school_once(published: Published):
    text = (published.out / "区级/催报单.txt").read_bytes().decode("utf-8-sig")
    silent = published.rows("""select school_name, list(month order by month) from compared.school_month
        join conformed.school using (school_code) where silent group by school_name""")
    assert silent and "\r\n" in text
    for name, months in silent:
        paragraph = next(line for line in text.splitlines() if f"】{name}：" in line)
        for month in months:
            assert f"{int(month[-2:])}月" in paragraph


Counts = dict[tuple[str, str], tuple[int, int]]  # zone and indicator → numerator and denominator


def find_leaks(shown: dict[str, tuple[str | None, ...]], own: str, counts: Counts) -> list[tuple]:
    """What a zone can work out of another: a count of 1 to 9, or a difference of two counts with one denominator.

    It knows its own counts, everybody's denominators and the district's totals; a printed rate with its denominator is a
    count where only one count prints so. All that follows is what is a combination of these.
    """
    unknown = [key for key in counts if counts[key][1] > 0]
    row = dict(zip(unknown, np.eye(len(unknown)), strict=True))
    known = [sum(row[key] for key in unknown if key[1] == name) for name in RATES if any(key[1] == name for key in unknown)]
    for zone, name in unknown:
        cell, bottom = shown[zone][RATES.index(name)], counts[zone, name][1]
        if zone == own or (cell not in (None, "*") and sum(print_rate(n, bottom) == cell for n in range(bottom + 1)) == 1):
            known.append(row[zone, name])
    span = np.array(known)

    def follows(vector: np.ndarray) -> bool:
        return bool(np.allclose(np.linalg.lstsq(span.T, vector, rcond=None)[0] @ span, vector, atol=1e-6))

    leaks = []
    for number, key in enumerate(unknown):
        top, bottom = counts[key]
        if key[0] == own:
            continue
        if (1 <= top <= 9 or 1 <= bottom - top <= 9) and follows(row[key]):
            leaks.append(key)
        for other in unknown[number + 1 :]:
            if other[0] != key[0] or counts[other][1] != bottom:
                continue
            for sign, count in ((-1, top - counts[other][0]), (1, top + counts[other][0] - bottom)):
                if 1 <= abs(count) <= 9 and follows(row[key] + sign * row[other]):
                    leaks.append((key, other))
    return leaks


def read_zone_counts(con: duckdb.DuckDBPyConnection, level: str) -> Counts:
    rows = con.execute("""select area_name, indicator, numerator, denominator from indicators.value where area_level = ? and stage = 'all'
        and grade = 'all' and population_group = 'all' and numerator is not null""", [level]).fetchall()  # fmt: skip
    return {(zone, name): (top, bottom) for zone, name, top, bottom in rows if name in RATES}


@pytest.mark.parametrize("kind", LEVELS)
def test_no_zone_learns_a_small_count_of_another(published: Published, kind: str):
    """A differencing attack by every recipient on the only papers that show figures of others (see also test_recipients)."""
    counts = read_zone_counts(published.con, LEVELS[kind])
    hidden = 0
    for folder in sorted((published.out / kind).iterdir()):
        rows = read_book(folder / "学校控辍保学情况.xlsx", f"各{kind}对照")[2:-1]
        shown = {zone: tuple(cells) for zone, *cells in rows}
        assert find_leaks(shown, folder.name, counts) == [], folder
        assert [cell for cell in shown[folder.name] if cell == "*"] == [] and "*" not in shown["全区"]
        hidden += sum(cell == "*" for cells in shown.values() for cell in cells)
    assert hidden > 10 and len(counts) > 10


@pytest.fixture(scope="module")
def context(published: Published) -> ReportContext:
    return read_report(published.con, NOW, 1, ISSUED)


def print_zones(context: ReportContext, counts: Counts, hidden: set[tuple[str, str]], own: str) -> dict[str, tuple[str | None, ...]]:
    """The comparison that one 学区 gets when these are the counts and these cells are marked."""
    con = duckdb.connect()
    con.execute("create schema indicators")
    value = pl.DataFrame(
        [(str(NOW), 1, "school_zone", zone, name, "all", "all", "all", top, bottom, (zone, name) in hidden)
         for (zone, name), (top, bottom) in counts.items()],
        schema=["period", "version", "area_level", "area_name", "indicator", "stage", "grade", "population_group", "numerator",
                "denominator", "suppressed"], orient="row")  # fmt: skip
    con.execute("create table indicators.value as select * from value")
    papers = {folder: sheets for folder, _, sheets in list_zone_papers(Source(con, NOW, 1), context)}
    assert len(value) == len(counts)
    return {zone: tuple(cells) for zone, *cells in papers[f"学区/{own}"][-1].frame.rows()}


def test_the_attack_finds_what_is_not_hidden(published: Published, context: ReportContext):
    """Without the marks, and with the small cells alone marked, the same attack gets small counts: it can fail."""
    counts = read_zone_counts(published.con, "school_zone")
    own = next(iter(counts))[0]
    assert len(find_leaks(print_zones(context, counts, set(), own), own, counts)) > 3
    large = dict.fromkeys(counts, (800, 900))
    small = next(key for key in counts if key[0] != own and key[1] == "in_school_rate")
    planted = large | {small: (895, 900)}
    assert find_leaks(print_zones(context, planted, {small}, own), own, planted) == [small]  # the total gives it back


def test_two_rates_of_one_denominator_show_no_small_difference(context: ReportContext, published: Published):
    """流失12人、辍学11人 of the same 900: one is lost and was not confirmed. 辍学率 is hidden for all others, not for the own."""
    zones = sorted({zone for zone, _ in read_zone_counts(published.con, "school_zone")})
    counts = {(zone, name): ({"enrolment_rate": 1000, "in_school_rate": 700}.get(name, 870), {"enrolment_rate": 1100,
              "in_school_rate": 800}.get(name, 900)) for zone in zones for name in RATES}  # fmt: skip
    counts |= {(zone, "dropout_rate"): (30, 900) for zone in zones}
    own, other = zones[0], zones[1]
    assert "*" not in {cell for cells in print_zones(context, counts, set(), own).values() for cell in cells}
    pair = counts | {(other, "retention_rate_year"): (888, 900), (other, "dropout_rate"): (11, 900)}
    shown = print_zones(context, pair, set(), own)
    assert [shown[zone][3] for zone in zones if zone != own] == ["*"] * (len(zones) - 1) and shown[own][3] == "3.33"
    assert shown[other][:3] == ("90.91", "98.67", "87.50")
    assert find_leaks(shown, own, pair) == []
