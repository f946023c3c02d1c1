"""Receive the inbox: hash every file, read and recognise new ones, land their text once."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path, PurePosixPath

import polars as pl

from schemas.extracts import EXTRACTS
from schemas.rules import RULES
from transforms import vault
from transforms.extracts.guard import MOST_BYTES
from transforms.extracts.headings import plain, read_headings
from transforms.extracts.read import RawSheet, Unreadable, read_file, too_large
from transforms.extracts.recognise import SEARCH_ROWS, NearMiss, Recognition, recognise
from transforms.extracts.rows import classify_rows
from transforms.extracts.titles import Surroundings, find_data_date
from transforms.sums import find_damage, seal

# Raise when reading or recognising changes: landed files are then read again.
READER = 4

AT_ONCE = 4  # files: the reader and Polars let other threads run, Python's own part does not
ALONE_BYTES = 10_000_000
_JUNK = {"thumbs.db", ".ds_store", "desktop.ini"}
# How much of headings that nobody knows a message repeats; a row with a long number or a date is no headings.
MOST_HEADINGS, LONGEST_HEADING = 6, 12
_LOOKS_LIKE_DATA = re.compile(r"\d{6}|\d{4}\D\d")
_PERSONAL = ("name", "id_number", "registry_number")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Problem:
    """A reason to refuse: the stop rule, the file (relative to the inbox) and the Chinese sentence."""

    rule: str
    file_name: str
    message: str
    sheet: str = ""


@dataclass(frozen=True)
class LandedSheet:
    """One recognised sheet and where its text lies.

    `columns` pairs the column in the Parquet file with the field; `headings` the field with the source's own
    words. `given` holds values found in the title, sheet name or folder. Counts are of rows by kind.
    """

    file_id: str
    file_name: str
    number: int
    sheet: str
    extract: str
    parquet: str
    columns: tuple[tuple[str, str], ...]
    headings: tuple[tuple[str, str], ...]
    given: tuple[tuple[str, str], ...]
    title_rows: tuple[str, ...]
    encoding: str
    hidden: bool
    date_1904: bool
    data_as_of: str | None
    rows_read: int
    blank_rows: int
    title_rows_count: int
    total_rows: int
    note_rows: int
    repeated_heading_rows: int

    @property
    def folders(self) -> tuple[str, ...]:
        """Folders of the file from the inside out."""
        return tuple(reversed(PurePosixPath(self.file_name).parent.parts))


@dataclass(frozen=True)
class Landing:
    """What the inbox held: recognised sheets, refusals, ignored files, sheets without any table of ours."""

    files: tuple[LandedSheet, ...]
    refusals: tuple[Problem, ...]
    ignored: tuple[str, ...]
    set_aside: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadSheet:
    """A recognised sheet before it is landed: its description and its text."""

    sheet: LandedSheet
    text: pl.DataFrame


@dataclass(frozen=True)
class ReadFile:
    """All that one file gave."""

    sheets: tuple[ReadSheet, ...] = ()
    refusals: tuple[Problem, ...] = ()
    set_aside: tuple[str, ...] = ()


def land_inbox(inbox: Path, lake: Path, say: Say) -> Landing:
    """Land every file under `inbox` in `lake/extracts`; files already there are not read again."""
    ignored = [p.relative_to(inbox).as_posix() for p in _list_files(inbox) if is_junk(p)]
    paths = list_inbox_files(inbox)
    sheets: list[LandedSheet] = []
    refusals: list[Problem] = []
    set_aside: list[str] = []
    for number, result in enumerate(_land_files(inbox, paths, lake / "extracts", ignored), 1):
        sheets += [item.sheet for item in result.sheets]
        refusals += result.refusals
        set_aside += result.set_aside
        if number % 20 == 0 or number == len(paths):
            say(f"收件：已读{number}/{len(paths)}个文件")
    return Landing(tuple(sheets), tuple(refusals), tuple(ignored), tuple(set_aside))


def _land_files(inbox: Path, paths: Sequence[Path], root: Path, ignored: list[str]) -> Iterator[ReadFile]:
    """Land files beside each other, a few held at a time, and give what they held in their order; a copy adds to `ignored`."""
    seen: dict[str, str] = {}
    ahead: deque[Future[ReadFile]] = deque()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for path in paths:
            alone = _is_large(path)
            while ahead and (alone or len(ahead) >= AT_ONCE):
                yield ahead.popleft().result()
            ahead.append(_submit(pool, path, path.relative_to(inbox).as_posix(), root, seen, ignored))
            if alone:
                yield ahead.popleft().result()
        yield from (each.result() for each in ahead)


def _is_large(path: Path) -> bool:
    """Whether a file is read by itself: unpacked it may fill a good part of the memory."""
    try:
        return path.stat().st_size > ALONE_BYTES
    except OSError:
        return False


def _submit(
    pool: ThreadPoolExecutor, path: Path, name: str, root: Path, seen: dict[str, str], ignored: list[str]
) -> Future[ReadFile]:
    ended = Future[ReadFile]()
    try:
        data = read_delivered(path)
    except Unreadable as error:
        ended.set_result(ReadFile(refusals=(Problem(error.rule, name, RULES[error.rule].say(file=name, reason=str(error))),)))
        return ended
    file_id = hash_bytes(data)
    if file_id in seen:
        ignored.append(f"{name}（与“{seen[file_id]}”内容完全相同）")
        ended.set_result(ReadFile())
        return ended
    seen[file_id] = name
    return pool.submit(_land_file, data, file_id, name, root)


def list_inbox_files(inbox: Path) -> list[Path]:
    """List what was delivered, in a fixed order, without what office programs and systems leave behind."""
    return [path for path in _list_files(inbox) if not is_junk(path)]


def _list_files(inbox: Path) -> list[Path]:
    return sorted(walk_files(inbox), key=lambda p: p.as_posix()) if inbox.is_dir() else []


def walk_files(root: Path) -> Iterator[Path]:
    """Give every file below a folder, through links too: an office keeps what came on a share. Raises OSError.

    `Path.rglob` passes over what is linked and what it has no right to, in silence.
    """
    seen: set[str] = set()

    def stop(error: OSError) -> None:
        raise error

    for folder, below, names in os.walk(root, onerror=stop, followlinks=True):
        below.sort()  # of two links to one folder always the same is taken
        if (real := os.path.realpath(folder)) in seen:
            below.clear()
            continue
        seen.add(real)
        yield from (path for name in names if (path := Path(folder, name)).is_file())


def is_junk(path: Path) -> bool:
    """Whether a file is left behind by Windows, Mac or an open Office program."""
    name = path.name.lower()
    return name in _JUNK or name.startswith(("~$", "._", ".~"))


def read_delivered(path: Path) -> bytes:
    """Read a file that came, but not one beyond the largest we take. Raises Unreadable."""
    try:
        if (size := path.stat().st_size) > MOST_BYTES:
            raise too_large(size)
        return path.read_bytes()
    except OSError as error:  # no right to it, or a bad sector
        raise Unreadable("file_unreadable", f"打不开，请检查权限和磁盘（系统提示：{error.strerror}）") from error


def hash_file(path: Path) -> str | None:
    """Name a file as `hash_bytes` does without holding it whole; None when it cannot be read."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()[:16]
    except OSError:
        return None


def hash_bytes(data: bytes) -> str:
    """Name a file by its content: first 16 hex digits of its SHA-256."""
    return hashlib.sha256(data).hexdigest()[:16]


def understand_file(data: bytes, file_id: str, name: str) -> ReadFile:
    """Read one file and recognise its sheets, writing nothing. Bad files come back as refusals."""
    try:
        raw_sheets = read_file(data)
    except Unreadable as error:
        message = RULES[error.rule].say(file=name, reason=str(error))
        return ReadFile(refusals=(Problem(error.rule, name, message),))
    found = [(raw, recognise(raw.cells, raw.name, _folders(name))) for raw in raw_sheets]
    known = [(raw, what) for raw, what in found if isinstance(what, Recognition)]
    misses = [(raw, what) for raw, what in found if isinstance(what, NearMiss)]
    sealed = [raw for raw, what in known if _names_sealed_children(raw, what)]
    sealed += [raw for raw, what in misses if "涉案" in raw.name + name]
    if sealed:
        return ReadFile(refusals=(Problem("sealed_by_name", name, RULES["sealed_by_name"].say(file=name)),))
    refusals = [_refuse_unknown(name, raw, miss) for raw, miss in misses if not known or _is_near(miss)]
    if not known and not misses:
        refusals.append(_refuse_nothing_known(name, raw_sheets))
    near = {problem.sheet for problem in refusals}
    # of a file that is refused as a whole no sheet is set aside
    aside = [f"{name}·{raw.name}" for raw, what in found if known and not isinstance(what, Recognition) and raw.name not in near]
    sheets = [_describe(raw, what, file_id, name, n) for n, (raw, what) in enumerate(known, 1)]
    return ReadFile(tuple(sheets), tuple(refusals), tuple(aside))


def _refuse_nothing_known(name: str, sheets: Sequence[RawSheet]) -> Problem:
    """A file with no heading that anybody knows: empty, or with headings of its own, of which the first few are named."""
    filled = (row for raw in sheets for row in raw.cells.head(SEARCH_ROWS).iter_rows() if any((cell or "").strip() for cell in row))
    rows = [[plain(cell) for cell in row if cell and cell.strip()] for row in filled]
    if not rows:
        return Problem("file_empty", name, RULES["file_empty"].say(file=name))
    # titles fill one cell; the first row that fills more is the nearest to headings
    heads = next((row for row in rows if len(row) > 1), rows[0])
    found = "、".join(head[:LONGEST_HEADING] for head in heads[:MOST_HEADINGS]) + ("等" if len(heads) > MOST_HEADINGS else "")
    if any(_LOOKS_LIKE_DATA.search(head) for head in heads):
        found = "没有表头，第一行就是数据"
    return Problem("file_headings", name, RULES["file_headings"].say(file=name, found=found))


def _land_file(data: bytes, file_id: str, name: str, root: Path) -> ReadFile:
    folder = root / file_id / _name_reading(name)
    cached = _read_description(folder, name)
    if cached is not None:
        return cached
    result = understand_file(data, file_id, name)
    if result.sheets and find_damage(folder) is not None:
        _write_landed(folder, result, name)
    return result


def _read_description(folder: Path, name: str) -> ReadFile | None:
    """Return what an earlier landing of this reading knew, if its files are whole."""
    path = folder / "sheets.json"
    if not path.exists() or find_damage(folder) is not None:
        return None
    known = json.loads(vault.read_bytes(path))
    if known["refused"]:
        return None
    sheets = tuple(ReadSheet(_from_json(row, name), pl.DataFrame()) for row in known["sheets"])
    return ReadFile(sheets, (), tuple(f"{name}·{sheet}" for sheet in known["set_aside"]))


def _from_json(row: dict[str, object], name: str) -> LandedSheet:
    pairs = {key: tuple(tuple(pair) for pair in row[key]) for key in ("columns", "headings", "given")}  # type: ignore[attr-defined]
    return LandedSheet(**{**row, **pairs, "title_rows": tuple(row["title_rows"]), "file_name": name})  # type: ignore[arg-type]


def _write_landed(folder: Path, result: ReadFile, name: str) -> None:
    """Write the sheets beside their description; the folder appears whole or not at all."""
    staging = folder.with_name(folder.name + ".part")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    for item in result.sheets:
        vault.write_frame(item.text, staging / PurePosixPath(item.sheet.parquet).name, compression="zstd", compression_level=1)
    description = {
        "reader": reader_version(),
        "folder": PurePosixPath(name).parent.as_posix(),
        "refused": bool(result.refusals),
        "sheets": [asdict(item.sheet) for item in result.sheets],
        "set_aside": [label.removeprefix(f"{name}·") for label in result.set_aside],
    }
    text = json.dumps(description, ensure_ascii=False, indent=1)
    vault.write_bytes(staging / "sheets.json", text.encode())  # it quotes title rows
    seal(staging)
    shutil.rmtree(folder, ignore_errors=True)
    staging.rename(folder)


@cache
def reader_version() -> str:
    """Name how files are read now: the reader and all declared headings."""
    declared = {name: sorted(read_headings(name).items()) for name in EXTRACTS}
    return hashlib.sha256(f"{READER}{declared}".encode()).hexdigest()[:12]


def _name_reading(name: str) -> str:
    """Name one reading of a file's content: how it is read now, and from which folder. Another one lands beside it."""
    return hashlib.sha256(f"{reader_version()} {PurePosixPath(name).parent}".encode()).hexdigest()[:12]


def _folders(name: str) -> tuple[str, ...]:
    return tuple(reversed(PurePosixPath(name).parent.parts))


def _is_near(miss: NearMiss) -> bool:
    """Whether an unknown sheet beside known ones was clearly meant as an extract: few headings lacking."""
    return miss.hits >= 4 and len(miss.lacking) <= 2


def _refuse_unknown(name: str, raw: RawSheet, miss: NearMiss) -> Problem:
    label = f"{name}·{raw.name}" if raw.name else name
    odd = [head[:LONGEST_HEADING] for head in miss.unknown[:MOST_HEADINGS] if not _LOOKS_LIKE_DATA.search(head)]
    parts = {"extract": EXTRACTS[miss.extract].title, "lacking": "、".join(miss.lacking),
             "unknown": f"；表中不认识的列：{'、'.join(odd)}" if odd else ""}  # fmt: skip
    return Problem("file_unknown", name, RULES["file_unknown"].say(file=label, **parts), raw.name)


def _names_sealed_children(raw: RawSheet, what: Recognition) -> bool:
    """涉案未成年人 by name are refused with the reason; only counts may come (contract §3, care)."""
    texts = " ".join((*what.title_rows, raw.name, *what.headings))
    return "涉案" in texts and any(field in what.columns for field in _PERSONAL)


def _describe(raw: RawSheet, what: Recognition, file_id: str, name: str, number: int) -> ReadSheet:
    kinds = classify_rows(raw.cells, what)
    counts = Counter(kinds.to_list())
    labels = _label_columns(what.headings, raw.cells.width)
    text = _trim(raw.cells, labels, kinds)
    as_of = find_data_date(Surroundings(what.title_rows, raw.name, _folders(name)))
    sheet = LandedSheet(
        file_id, name, number, raw.name, what.extract, f"{_name_reading(name)}/{number}-{what.extract}.parquet",
        columns=tuple((labels[index], field) for field, index in what.columns.items()),
        headings=tuple((field, what.headings[index]) for field, index in what.columns.items()),
        given=tuple(what.given.items()), title_rows=what.title_rows, encoding=raw.encoding, hidden=raw.hidden,
        date_1904=raw.date_1904, data_as_of=_iso(as_of), rows_read=counts["data"],
        blank_rows=counts["blank"], title_rows_count=counts["title"],
        total_rows=counts["total"], note_rows=counts["note"],
        repeated_heading_rows=counts["repeated_heading"],
    )  # fmt: skip
    return ReadSheet(sheet, text)


def _trim(cells: pl.DataFrame, labels: tuple[str, ...], kinds: pl.Series) -> pl.DataFrame:
    """Keep every filled row with its number and kind, under the source's own headings."""
    numbers = pl.Series("source_row", range(1, cells.height + 1), dtype=pl.Int32)
    named = (column.alias(label) for column, label in zip(cells.get_columns(), labels, strict=True))
    return pl.DataFrame([numbers, *named, kinds.alias("row_kind")]).filter(kinds != "blank")


def _label_columns(headings: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Name Parquet columns by the source's headings, made unique."""
    labels: list[str] = []
    taken = {"source_row", "row_kind"}
    for index in range(width):
        heading = plain(headings[index]) if index < len(headings) else ""
        label = heading if heading and heading not in taken else f"{heading}列{index + 1}"
        taken.add(label)
        labels.append(label)
    return tuple(labels)


def _iso(day: tuple[int, int, int] | None) -> str | None:
    try:
        return date(*day).isoformat() if day else None
    except ValueError:
        return None


