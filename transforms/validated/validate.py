"""Validate one period's delivery: typed accepted rows, quarantine with reasons, refusals."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from schemas.bimester import Bimester
from schemas.calendar import list_months, read_terms
from schemas.extracts import EXTRACTS, NO_FEEDBACK
from schemas.fields import FIELDS
from schemas.rules import RULES
from schemas.thresholds import threshold
from transforms import vault
from transforms.extracts.land import AT_ONCE, Landing, Problem, Say
from transforms.validated.earlier import Kept
from transforms.validated.forms import LINE_COLUMNS
from transforms.validated.gather import Context, Delivered, load_sheets
from transforms.validated.judge import COUNTS, PROBLEM_COLUMNS, QUARANTINED_COLUMNS, Judged, judge, look_ahead
from transforms.validated.places import Areas, Schools, build_areas, build_schools, read_reference_areas
from transforms.validated.stops import find_stops

FILE_COLUMNS: dict[str, pl.DataType] = {
    "period": pl.String(), "file_id": pl.String(), "file_name": pl.String(), "sheet": pl.String(),
    "extract": pl.String(), "rows_read": pl.Int32(), "accepted": pl.Int32(), "merged": pl.Int32(),
    "quarantined": pl.Int32(), "blank_rows": pl.Int32(), "title_rows": pl.Int32(), "total_rows": pl.Int32(),
    "note_rows": pl.Int32(), "repeated_heading_rows": pl.Int32(), "other_stage_rows": pl.Int32(),
    "not_answered": pl.Int32(), "mended_values": pl.Int32(), "data_as_of": pl.Date(), "encoding": pl.String(),
    "hidden": pl.Boolean(),
    "title_text": pl.String(), "is_unanswered": pl.Boolean(),
}  # fmt: skip

_WHOLE = 1 << 30  # bytes; Polars cuts pages of a megabyte by a column's memory, which differs with its history


@dataclass(frozen=True)
class Settings:
    """Limits of validation; the defaults are the declared thresholds. any_month: the period is not known."""

    quarantine_share: float = threshold("quarantine_share")
    age_min: int = int(threshold("age_record_min"))
    age_max: int = int(threshold("age_record_max"))
    any_month: bool = False


@dataclass(frozen=True)
class Validation:
    """What validation found. `counts`: (extract, rows read, accepted, merged, quarantined); no personal data."""

    counts: tuple[tuple[str, int, int, int, int], ...]
    refusals: tuple[Problem, ...]
    problems: int
    reported: int


def validate_period(
    landing: Landing, period: Bimester, held: tuple[Path, ...], out: Path, *, lake: Path | None = None,
    settings: Settings | None = None, owed_months: tuple[str, ...] | None = None, say: Say = lambda text: None,
    program: str = "", earlier: Path | None = None,
) -> Validation:  # fmt: skip
    """Validate a landed delivery and write it to `out`, one Parquet a delivered extract.

    `held`: folders of earlier periods' validated runs, oldest first. `lake` defaults to the lake that `out` lies
    in (lake/validated/<period>/<run>). Bad data never raises; stop rules come back as refusals. `earlier`: the whole
    folder of another run of this period, from which the rows of files are taken over that neither the inbox nor the
    `program` has changed.
    """
    settings = settings or Settings()
    if owed_months is None:
        owed_months = tuple(m.month for m in list_months(period, read_terms()) if m.owed)
    delivered = by_extract(load_sheets(landing.files, lake or out.parents[2]))
    kept = Kept(program, earlier)
    judged = judge_all(delivered, period, held, settings, say, kept)
    out.mkdir(parents=True, exist_ok=True)
    files, problems = describe_files(judged, delivered, period), gather_problems(judged, delivered, period)
    _write(judged, files, problems, out, kept)
    stops = find_stops(landing, judged, files, problems, held, period, owed_months, settings.quarantine_share)
    return Validation(
        counts=tuple(_sum_counts(item) for item in judged.values()),
        refusals=(*landing.refusals, *stops),
        problems=problems.height,
        reported=problems.filter(pl.col("strength") == "report").height,
    )


def judge_all(
    delivered: dict[str, list[Delivered]], period: Bimester, held: tuple[Path, ...], settings: Settings, say: Say,
    kept: Kept | None = None,
) -> dict[str, Judged]:  # fmt: skip
    """Judge every delivered file that `kept` does not know: schools and areas first, because the others are judged by them."""
    kept = kept or Kept("")
    base = Context(period, Schools(), Areas(), settings.age_min, settings.age_max)
    judged: dict[str, Judged] = {}
    areas = _learn_areas(delivered, judged, base, held)
    base = Context(period, Schools(), areas, settings.age_min, settings.age_max)
    schools = _learn_schools(delivered, judged, base, held)
    months = () if settings.any_month else tuple(period.months)
    context = Context(period, schools, areas, settings.age_min, settings.age_max, months)
    names = [name for name in EXTRACTS if name in delivered and name not in ("school", "area")]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        judged |= zip(names, pool.map(lambda name: kept.judge(name, delivered[name], context), names), strict=True)
    for name, item in judged.items():
        _, rows, accepted, merged, quarantined = _sum_counts(item)
        blank = int(item.counts["not_answered"].sum())
        more = f"，{_word_unanswered(name)}{blank}行另计" if blank else ""
        say(f"校验：{EXTRACTS[name].title}读入{rows}行，接收{accepted}行，合并{merged}行，隔离{quarantined}行{more}{kept.tell(name)}")
    return {name: judged[name] for name in EXTRACTS if name in judged}


def _word_unanswered(extract_name: str) -> str:
    form = EXTRACTS[extract_name].form
    return form.unanswered if form else ""


def _learn_areas(
    delivered: dict[str, list[Delivered]], judged: dict[str, Judged], base: Context, held: tuple[Path, ...]
) -> Areas:
    """Areas of the published list, of registers held, and of the one delivered now; the last name rules."""
    rows = read_reference_areas()
    frames = _read_held("area", held)
    if "area" in delivered:
        # twice: a village's 镇街 is judged by the 镇街 rows of the same register
        first = look_ahead("area", delivered["area"], Context(base.period, areas=build_areas(rows + _area_rows(frames), True)))
        towns = first.filter(pl.col("level") == "镇街")
        known = build_areas(rows + _area_rows([*frames, towns]), True)
        judged["area"] = judge("area", delivered["area"], Context(base.period, areas=known))
        frames = [*frames, judged["area"].accepted]
    # villages are judged by a register only; the published list alone would call real villages unknown
    return build_areas(rows + _area_rows(frames), bool(frames))


def _area_rows(frames: Iterable[pl.DataFrame]) -> list[tuple[str, str, str | None]]:
    return [row for frame in frames for row in frame.select("level", "area_name", "parent_township").iter_rows()]


def _learn_schools(
    delivered: dict[str, list[Delivered]], judged: dict[str, Judged], base: Context, held: tuple[Path, ...]
) -> Schools:
    """Schools of registers held and delivered; codes of merged schools stay known."""
    frames = _read_held("school", held)
    if "school" in delivered:
        known = build_schools([*frames, look_ahead("school", delivered["school"], base)])
        judged["school"] = judge("school", delivered["school"], Context(base.period, known, base.areas))
        frames = [*frames, judged["school"].accepted]
    return build_schools(frames)


def _read_held(extract: str, held: tuple[Path, ...]) -> list[pl.DataFrame]:
    paths = [folder / f"{extract}.parquet" for folder in held]
    return [vault.read_frame(path) for path in paths if path.exists()]


def by_extract(items: list[Delivered]) -> dict[str, list[Delivered]]:
    """Group sheets by extract, in an order that does not depend on names or folders."""
    groups: dict[str, list[Delivered]] = {}
    for item in sorted(items, key=lambda item: (item.sheet.file_id, item.sheet.number)):
        groups.setdefault(item.sheet.extract, []).append(item)
    return groups


def describe_files(
    judged: dict[str, Judged], delivered: dict[str, list[Delivered]], period: Bimester
) -> pl.DataFrame:
    """One row a recognised sheet: where its rows went."""
    rows = []
    for name, item in judged.items():
        counts = {row["sheet_no"]: row for row in item.counts.iter_rows(named=True)}
        for number, part in enumerate(delivered[name]):
            sheet = part.sheet
            rows.append({
                "period": str(period), "file_id": sheet.file_id, "file_name": sheet.file_name, "sheet": sheet.sheet,
                "extract": name, "blank_rows": sheet.blank_rows, "title_rows": sheet.title_rows_count,
                "total_rows": sheet.total_rows, "note_rows": sheet.note_rows,
                "repeated_heading_rows": sheet.repeated_heading_rows, "encoding": sheet.encoding,
                "hidden": sheet.hidden, "data_as_of": sheet.data_as_of, "title_text": " ".join(sheet.title_rows)[:200],
                **{key: counts.get(number, {}).get(key, 0) for key in FILE_COLUMNS if key in _COUNTED},
            })  # fmt: skip
    schema = {name: pl.String() if name == "data_as_of" else kind for name, kind in FILE_COLUMNS.items()}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    silent = [name for name in EXTRACTS if _word_unanswered(name) == NO_FEEDBACK]
    # a form sent back untouched reports nothing, not even that there is nothing to report
    untouched = pl.col("extract").is_in(silent) & (pl.col("rows_read") == 0) & (pl.col("not_answered") > 0)
    return frame.with_columns(pl.col("data_as_of").str.to_date("%Y-%m-%d"), is_unanswered=untouched).sort(
        "file_name", "sheet", "extract"
    )


_COUNTED = set(COUNTS)


def gather_problems(
    judged: dict[str, Judged], delivered: dict[str, list[Delivered]], period: Bimester
) -> pl.DataFrame:
    """All problems of rows, and those told once for a file."""
    empty = pl.DataFrame(schema=PROBLEM_COLUMNS)
    return pl.concat([empty, *(item.problems for item in judged.values()), _tell_defaulted(delivered, period)])


def _tell_defaulted(delivered: dict[str, list[Delivered]], period: Bimester) -> pl.DataFrame:
    """A 学籍名册 without 学籍状态: read as 在读, said once for each file."""
    rule, title = RULES["status_defaulted"], FIELDS["registry_status"].title
    said: dict[str, dict[str, object]] = {}
    for item in delivered.get("registry", []):
        if not any(field == "registry_status" for _, field in item.sheet.columns):
            said.setdefault(item.sheet.file_id, {
                "period": str(period), "extract": "registry", "file_id": item.sheet.file_id,
                "file_name": item.sheet.file_name, "sheet": item.sheet.sheet, "heading": title, "rule": rule.id,
                "strength": rule.strength, "message": rule.say(heading=title),
            })  # fmt: skip
    return pl.DataFrame(list(said.values()), schema=PROBLEM_COLUMNS, orient="row")


def _write(judged: dict[str, Judged], files: pl.DataFrame, problems: pl.DataFrame, out: Path, kept: Kept) -> None:
    quarantined = pl.concat([pl.DataFrame(schema=QUARANTINED_COLUMNS), *(item.quarantined for item in judged.values())])
    lines = pl.concat([pl.DataFrame(schema=LINE_COLUMNS), *(item.lines for item in judged.values())])
    frames = {name: item.accepted for name, item in judged.items() if name not in kept.whole}
    frames |= {"problem": problems, "quarantined": quarantined, "file": files, "form_line": lines}
    for name, frame in frames.items():
        # in one piece and a column's rows in one page: how a frame was put together, and what it took of memory, must not show in the file
        vault.write_frame(frame.rechunk(), out / f"{name}.parquet", compression="zstd", compression_level=3, data_page_size=_WHOLE)
    kept.write(out)


def _sum_counts(item: Judged) -> tuple[str, int, int, int, int]:
    sums = item.counts.select("rows_read", "accepted", "merged", "quarantined").sum().row(0)
    return item.extract, int(sums[0]), int(sums[1]), int(sums[2]), int(sums[3])
