"""Receipts (回执): what became of each file, sheet and line that a school or 镇街 handed in this period (contract §7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import polars as pl

from schemas.extracts import EXTRACTS
from transforms.documents.naming import name_school_folder, name_township_folder
from transforms.documents.reading import Source
from transforms.documents.workbook import Sheet, SheetColumn
from transforms.validated.places import Areas, Schools, build_areas, build_schools, read_reference_areas

HERE = Path(__file__).parent
FATES = {"accepted": "已接收", "merged": "已合并", "quarantined": "未接收", "not_answered": "未反馈"}
COUNTS = ("rows_read", "accepted", "merged", "quarantined", "not_answered")
FILE_HEADS = (
    SheetColumn("number", "序号", 6, "count"), SheetColumn("file_name", "文件", 34), SheetColumn("sheet", "工作表", 16),
    SheetColumn("title", "数据表", 18), SheetColumn("rows_read", "读入（行）", 9, "count"),
    SheetColumn("accepted", "已接收", 8, "count"), SheetColumn("merged", "已合并", 8, "count"),
    SheetColumn("quarantined", "未接收", 8, "count"), SheetColumn("not_answered", "未反馈（另计）", 9, "count"),
    SheetColumn("beside", "空白、标题|和说明（另计）", 14, "count"), SheetColumn("said", "说明", 30),
)  # fmt: skip
LINE_HEADS = (
    SheetColumn("number", "序号", 6, "count"), SheetColumn("file_name", "文件", 24), SheetColumn("sheet", "工作表", 14),
    SheetColumn("source_row", "行号", 6, "count"), SheetColumn("title", "数据表", 12), SheetColumn("name", "姓名", 9),
    SheetColumn("case", "案件编号", 15), SheetColumn("fate", "处理结果", 9, "centre"), SheetColumn("answer", "所填内容", 22),
    SheetColumn("said", "说明和改法", 44), SheetColumn("state", "案件状态", 11),
)  # fmt: skip
NOTE = "注：读入＝已接收＋已合并＋未接收；未反馈指只有预填内容、没有填写结果的行，请核实后补报；未接收的行请按说明改正后重报。"


@dataclass(frozen=True)
class Sender:
    """Who handed a sheet in: a school, a 镇街, or (both empty) nobody that the sheet names."""

    school_code: str = ""
    school_name: str = ""
    township: str = ""
    counts_at: str = ""

    @property
    def place(self) -> str:
        """The folder of the sender's papers."""
        if self.school_code:
            return name_school_folder(self.school_code, self.school_name)
        return name_township_folder(self.township) if self.township else "区级"

    @property
    def whose(self) -> str:
        """The sender's name in titles."""
        return self.school_name or self.township or "区级和未注明单位的"


def list_receipts(source: Source) -> Iterator[tuple[str, str, list[Sheet]]]:
    """Yield folder, file name and sheets of each sender's 回执, and the district's view of all of them."""
    files, lines = read_files(source), read_lines(source)
    senders = find_senders(source, files, lines)
    files = files.with_columns(place=pl.Series([sender.place for sender in senders], dtype=pl.String))
    by_place = {sender.place: sender for sender in senders}
    for place, sender in sorted(by_place.items()):
        own = files.filter(pl.col("place") == place)
        part = lines.join(own.select("file_id", "sheet"), on=["file_id", "sheet"], how="semi", maintain_order="left")
        title = f"{sender.whose}{source.period.label}报送回执"
        yield place, "回执", [_list_files(title, own), *([_list_lines(title, _hide_others(part, sender))] if part.height else [])]
    yield "区级", "回执汇总", [_sum_senders(source, files, by_place)]


def read_files(source: Source) -> pl.DataFrame:
    """One row a sheet of this period with its counts and the words around its table."""
    sql = """
        select file_id, file_name, sheet, extract, title_text, rows_read, accepted, merged, quarantined, not_answered,
            blank_rows + title_rows + total_rows + note_rows + repeated_heading_rows + other_stage_rows as beside
        from validated.file where period = $period order by file_name, sheet, extract"""
    return source.con.execute(sql, {"period": str(source.period)}).pl().with_columns(
        title=pl.col("extract").replace_strict({name: e.title for name, e in EXTRACTS.items()}),
        said=pl.when(pl.col("quarantined") > 0).then(pl.lit("有未接收的行，详见逐行回执和问题数据整改清单"))
        .when((pl.col("rows_read") == 0) & (pl.col("not_answered") > 0)).then(pl.lit("整表未反馈，请核实后补报")),
    )  # fmt: skip


def read_lines(source: Source) -> pl.DataFrame:
    """One row a line of a returned form with its fate, what it says and what came of it; pupils left unmarked are not listed."""
    sql = (HERE / "receipt_row.sql").read_text(encoding="utf-8")
    frame = source.con.execute(sql, {"period": str(source.period), "as_of": source.period.last_day}).pl()
    names = source.con.execute("select distinct file_id, file_name from validated.file where period = ?", [str(source.period)]).pl()
    unmarked = (pl.col("extract") == "absentee") & (pl.col("fate") == "not_answered")
    frame = frame.filter(unmarked.not_()).join(names, on="file_id", how="left", maintain_order="left")
    frame = frame.join(_read_faults(source), on=["file_id", "sheet", "source_row"], how="left", maintain_order="left")
    return frame.with_columns(
        title=pl.col("extract").replace_strict({name: e.title for name, e in EXTRACTS.items()}),
        fate=pl.col("fate").replace_strict(FATES),
        case=pl.coalesce("case_no", "case_now"),
        answer=pl.concat_str(["answer", "（" + pl.col("said_on").cast(pl.String) + "）"], ignore_nulls=True),
        said=pl.concat_str(["fault", *_explain()], separator="；", ignore_nulls=True).str.replace_all("。；", "；").replace("", None),
    )


def _read_faults(source: Source) -> pl.DataFrame:
    """What the rules say of each row, with what was filled in."""
    sql = """
        select file_id, sheet, source_row,
            string_agg(message || coalesce('所填：' || value || '。', ''), '' order by heading, message) as fault
        from validated.problem where period = $period and source_row is not null group by all"""
    return source.con.execute(sql, {"period": str(source.period)}).pl()


def _explain() -> tuple[pl.Expr, ...]:
    """What a clerk should know of a line beside its faults, each as a text or NULL."""
    came = pl.col("fate").is_in(["accepted", "merged"])
    about_child = pl.col("extract").is_in(["verification", "persuasion", "suspect"])
    lost = came & about_child & pl.col("person_id").is_null()
    new_answer = came & pl.col("extract").is_in(["verification", "persuasion"]) & pl.col("person_id").is_not_null()
    silent = (pl.col("fate") == "not_answered") & about_child
    is_closed = pl.col("state") == "已销号"
    told = [
        (silent & is_closed.not_().fill_null(True), "请核实后补报"),
        (silent & is_closed, "案件已销号，不必补报"),
        (pl.col("fate") == "merged", "与本表另一行完全相同，只计一次"),
        (lost, "未能对应到任何儿童，没有起作用，请核对案件编号和身份证件号"),
        (pl.col("case_is_unknown"), "案件编号不存在，请照预填的编号抄写"),
        (pl.col("case_is_anothers"), "案件编号与身份证件号指向不同儿童，按身份证件号认定，请核对"),
        (pl.col("name_differs"), "所填姓名与登记的不一致，请核对"),
        (came & pl.col("is_early"), "日期在本期之后，留待下期生效"),
        (new_answer & pl.col("was_known"), "与以前所报相同，没有改变"),
        (new_answer & pl.col("was_known").not_() & pl.col("is_early").not_() & pl.col("state").is_null(), "没有在办案件，已作为情况记录"),
        (new_answer & pl.col("was_known").not_() & pl.col("is_early").not_() & pl.col("state").is_not_null(), "已记入案件"),
    ]
    return tuple(pl.when(condition.fill_null(False)).then(pl.lit(text)) for condition, text in told)


def find_senders(source: Source, files: pl.DataFrame, lines: pl.DataFrame) -> list[Sender]:
    """Who sent each sheet, in the order of `files`: the school or 镇街 its title or folder names, else that of all its rows."""
    schools, areas, known = _read_places(source)
    by_rows = _read_only_schools(source) | _list_only_places(lines, "school_code")
    by_town = _list_only_places(lines, "township")
    senders = []
    for row in files.iter_rows(named=True):
        key = row["file_id"], row["sheet"]
        texts = (row["title_text"] or "", row["sheet"], *reversed(PurePosixPath(row["file_name"]).parent.parts))
        code = next((found for text in texts if (found := schools.find_in(text))), None)
        town = next((found for text in texts if (found := areas.find_township_in(text))), None)
        if not code and not town:
            code, town = by_rows.get(key), by_town.get(key)
        senders.append(Sender(code, *known[code]) if code in known and code else Sender(township=town or ""))
    return senders


def _read_places(source: Source) -> tuple[Schools, Areas, dict[str, tuple[str, str, str]]]:
    """Schools and 镇街 by what they are called, and of each school its name, no 镇街, and where its pupils count."""
    con = source.con
    schools = con.execute("select school_code, school_name, school_type, counts_at from conformed.school order by 1").pl()
    rows = con.execute("select level, coalesce(nullif(village, ''), township), township from conformed.area order by all").fetchall()
    known = {code: (name, "", counts_at) for code, name, _, counts_at in schools.iter_rows()}
    return build_schools([schools]), build_areas([*read_reference_areas(), *rows], True), known


def _read_only_schools(source: Source) -> dict[tuple[str, str], str]:
    """Sheets whose rows all name one school."""
    tables = ("registry", "attendance", "absentee", "class_roll", "school_work", "aid")
    rows = " union all ".join(
        f"select file_id, sheet, school_code from validated.{table} where period = $period" for table in tables
    )
    sql = f"select file_id, sheet, min(school_code) from ({rows}) group by all having count(distinct school_code) = 1"
    return {(file, sheet): code for file, sheet, code in source.con.execute(sql, {"period": str(source.period)}).fetchall()}


def _list_only_places(lines: pl.DataFrame, column: str) -> dict[tuple[str, str], str]:
    """Sheets whose children all belong to one school or one 镇街."""
    only = lines.group_by("file_id", "sheet").agg(pl.col(column).n_unique().alias("places"), pl.col(column).first())
    return {(file, sheet): place for file, sheet, _, place in only.filter(pl.col("places") == 1).iter_rows() if place}


def _hide_others(lines: pl.DataFrame, sender: Sender) -> pl.DataFrame:
    """A recipient's folder holds its own children: another's name is left out, its line is known by file and row."""
    if sender.school_code:
        own = pl.col("school_code") == sender.counts_at
    elif sender.township:
        own = pl.col("township") == sender.township
    else:
        return lines
    own = own.fill_null(False) | pl.all_horizontal(pl.col("school_code", "township").is_null())
    # whom a 镇街 found in its own villages it knows, wherever the child is counted
    is_known = own | (pl.col("told_township") == sender.township).fill_null(False)
    return lines.with_columns(
        pl.when(is_known).then(pl.col("name")),
        pl.when(own).then(pl.col("state")),
        said=pl.when(is_known).then(pl.col("said")).otherwise(
            pl.concat_str([pl.col("said"), pl.lit("不属本单位的儿童，姓名从略")], separator="；", ignore_nulls=True)),
    )  # fmt: skip


def _list_files(title: str, files: pl.DataFrame) -> Sheet:
    return Sheet("文件", title, FILE_HEADS, files.with_row_index("number", 1), NOTE)


def _list_lines(title: str, lines: pl.DataFrame) -> Sheet:
    rows = lines.sort("file_name", "sheet", "source_row", maintain_order=True).with_row_index("number", 1)
    return Sheet("逐行回执", f"{title}（逐行）", LINE_HEADS, rows)


def _sum_senders(source: Source, files: pl.DataFrame, by_place: dict[str, Sender]) -> Sheet:
    rows = files.group_by("place").agg(pl.col("file_id").n_unique().alias("files"), pl.col(*COUNTS).sum()).sort("place")
    rows = rows.with_columns(sender=pl.col("place").replace_strict({p: s.whose for p, s in by_place.items()}, return_dtype=pl.String))
    columns = (SheetColumn("number", "序号", 6, "count"), SheetColumn("sender", "报送单位", 34),
               SheetColumn("files", "文件（个）", 10, "count"),
               *(c for c in FILE_HEADS if c.name in COUNTS))  # fmt: skip
    return Sheet("回执汇总", f"{source.period.label}报送回执汇总", columns, rows.with_row_index("number", 1), NOTE)
