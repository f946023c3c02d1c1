"""Write the papers and workbooks of one publication, one folder a recipient (contract §7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path

import duckdb
import polars as pl
import pypdf

from schemas.bimester import Bimester
from transforms.documents.blocks import Chart, Paper, Paragraph
from transforms.documents.charts import draw_charts, register_fonts
from transforms.documents.context import Office, ReportContext, read_office, read_report
from transforms.documents.district_papers import list_district_papers
from transforms.documents.docx_writer import write_docx
from transforms.documents.fonts import resolve_fonts
from transforms.documents.ledgers import (
    list_indicator_sheets,
    list_problem_sheet,
    list_submission_sheets,
    read_problems,
    summarise_problems,
)
from transforms.documents.naming import name_school_folder
from transforms.documents.pdf import PdfWriter, open_pdf_writer
from transforms.documents.quarter import find_quarter
from transforms.documents.reading import Source
from transforms.documents.reconcile import check_sums
from transforms.documents.reminders import write_reminders
from transforms.documents.report import PAPERS, build_report
from transforms.documents.source import OURS, Folders
from transforms.documents.templates import list_folders
from transforms.documents.workbook import Sheet, describe_file, write_workbook

SPARE = (Paragraph("　"),) * 2
# 上报稿 (domain §6): what a deputy director signs; 参阅件: one page (contract §7). Of each, what is left out first.
MOST_PAGES = {"双月报上报稿": 4, "领导参阅件": 1}
SPARED = {"双月报上报稿": (("趋势简图",), ("镇街简表",), ("趋势简图", "镇街简表")), "领导参阅件": (("分布",), ("分布", "关注"))}


@dataclass(frozen=True)
class Desk:
    """What every paper of one publication shares."""

    folder: Path
    context: ReportContext
    writer: PdfWriter
    charts: dict[str, Chart]
    draft: bool
    manifest_id: str
    templates: Folders = OURS

    @property
    def properties(self) -> dict[str, str]:
        """What stands in each workbook's file properties."""
        return describe_file(self.context.office.issuer, self.context.period, self.context.version, self.manifest_id, self.draft)

    def save(self, place: str, name: str, data: bytes) -> Path:
        """Write one file below the recipient's folder, readable by its owner only."""
        path = self.folder / place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(0o600)
        return path

    def save_sheets(self, place: str, name: str, sheets: list[Sheet]) -> Path:
        """Write one workbook."""
        return self.save(place, name, write_workbook(sheets, self.context.issued, self.properties))


def write_papers(
    con: duckdb.DuckDBPyConnection,
    out_dir: Path,
    period: Bimester,
    version: int,
    issued: date,
    *,
    draft: bool,
    manifest_id: str,
    font_dirs: tuple[Path, ...] = (),
    say: Callable[[str], None] = lambda _: None,
    office: Office | None = None,
    system_fonts: bool = True,
    templates: Path | None = None,
) -> list[Path]:
    """Write out_dir/区级/… and out_dir/学校/<标识码 校名>/…; return the paths in the order written.

    Reads the open work file only. The same tables, dates, fonts and templates give the same bytes.
    templates: the home's own, if it has any. Raises FiguresDisagree when a printed sum would not hold, TemplateFault
    when a paper cannot be filled.
    """
    folders = list_folders(templates)
    context = read_report(con, period, version, issued, office or read_office(folders))
    check_sums(context)
    fonts = resolve_fonts(font_dirs, system_fonts)
    charts = draw_charts(context, register_fonts(fonts))
    desk = Desk(out_dir, context, open_pdf_writer(fonts), charts, draft, manifest_id, folders)
    paths = [*_write_report(desk, say), *_write_workbooks(desk, Source(con, period, version), say)]
    say(f"已写出文件{len(paths)}个")
    return paths


def _write_report(desk: Desk, say: Callable[[str], None]) -> list[Path]:
    paths = []
    for name in PAPERS:
        if name == "一季度一复核" and find_quarter(desk.context.period) is None:
            continue
        say(f"正在生成{name}")
        paper, pdf = _fit(desk, name)
        paths.append(desk.save("区级", f"{name}.docx", write_docx(paper, desk.context.issued)))
        paths.append(desk.save("区级", f"{name}.pdf", pdf))
    return paths


def _fit(desk: Desk, name: str) -> tuple[Paper, bytes]:
    """Build a paper; where it must keep to so many pages, leave out what may be spared, a little more each time."""
    most = MOST_PAGES.get(name, 0)
    for left_out in ((), *SPARED.get(name, ())):
        charts = {key: chart for key, chart in desk.charts.items() if key not in left_out}
        paper = build_report(name, desk.context, charts, draft=desk.draft, manifest_id=desk.manifest_id,
                             left_out=left_out, folders=desk.templates)  # fmt: skip
        pdf = desk.writer.write(paper, desk.context.issued)
        if not most or count_pages(_add_room(desk, paper)) <= most:
            break
    return paper, pdf


def _add_room(desk: Desk, paper: Paper) -> bytes:
    """The paper with a few lines to spare, so that Word's own line breaks do not start one page more."""
    return desk.writer.write(replace(paper, blocks=(*paper.blocks, *SPARE)), desk.context.issued)


def count_pages(pdf: bytes) -> int:
    """Pages of a PDF."""
    return len(pypdf.PdfReader(BytesIO(pdf)).pages)


def _write_workbooks(desk: Desk, source: Source, say: Callable[[str], None]) -> list[Path]:
    say("正在生成报表和清单")
    paths = [desk.save_sheets("区级", "指标表.xlsx", list_indicator_sheets(source, desk.context))]
    if submission := list_submission_sheets(desk.context):
        paths.append(desk.save_sheets("区级", "报送情况统计表.xlsx", submission))
    problems = read_problems(source)
    own = problems.filter(pl.col("school_code").is_null())
    sheets = [list_problem_sheet(desk.context, own, "区级"), summarise_problems(desk.context, problems)]
    paths.append(desk.save_sheets("区级", "问题数据整改清单.xlsx", sheets))
    paths.append(desk.save("区级", "催报单.txt", write_reminders(desk.context, desk.templates, draft=desk.draft)))
    for place, name, sheets in list_district_papers(source, desk.context):
        paths.append(desk.save_sheets(place, f"{name}.xlsx", sheets))
    return paths + _write_school_lists(desk, problems)


def _write_school_lists(desk: Desk, problems: pl.DataFrame) -> list[Path]:
    """Each school's list holds that school's rows and no other; a school without problems gets none."""
    paths = []
    named = problems.filter(pl.col("school_code").is_not_null())
    for (code,), rows in sorted(named.group_by("school_code"), key=lambda pair: str(pair[0][0])):
        name = str(rows["school_name"][0])
        place = name_school_folder(str(code), name)
        rows = rows.sort("file_name", "sheet", "source_row", "heading", "message", maintain_order=True)
        paths.append(
            desk.save_sheets(place, "问题数据整改清单.xlsx", [list_problem_sheet(desk.context, rows, name)])
        )
    return paths
