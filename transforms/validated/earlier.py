"""What an earlier validation of the same period found, taken over where nothing that it rests on has changed.

The rows of a file are judged by its sheets, by the schools, areas and months known, and by the program: nothing in another
file of the extract bears on them, since twins are sought inside one file. The key of a file names all of these; it lies
beside the rows. Same key: same rows, so a school's new file costs that file. Only what is told of two files that contradict
each other hangs on both: then all files of the extract are judged anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from pathlib import Path

import polars as pl

from schemas.extracts import EXTRACTS
from schemas.rules import RULES
from transforms import vault
from transforms.extracts.land import LandedSheet
from transforms.validated.duplicates import find_rivals
from transforms.validated.gather import Context, Delivered
from transforms.validated.judge import COUNTS, Judged, is_conserved, judge

KEYS = "file_keys.json"  # of before, by extract: keys.json
_OF_ALL = ("problem", "quarantined", "form_line", "file")


@dataclass
class Kept:
    """What may be taken over from an earlier `folder` of this period, and the keys of the run in hand.

    `program`: what the rows are judged by. Without a folder, or with one of before there were keys, all is judged.
    `keys`: extract → file → key. `taken`: extract → how many of its files were taken over; `whole`: extracts whose files are
    all those of then.
    """

    program: str
    folder: Path | None = None
    keys: dict[str, dict[str, str]] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)

    def judge(self, extract_name: str, delivered: Sequence[Delivered], context: Context) -> Judged:
        """Judge the files of an extract that rest on something else than then, and set what was found of the others beside them."""
        keys = self.keys[extract_name] = name_files([item.sheet for item in delivered], context, self.program)
        then = self._keys_then.get(extract_name, {})
        same = {file_id for file_id, key in keys.items() if then.get(file_id) == key}
        known = self._take_over(extract_name, delivered, same) if same else None
        if known is None:
            return judge(extract_name, list(delivered), context)
        if keys != then:
            places = [number for number, item in enumerate(delivered) if item.sheet.file_id not in same]
            known = join(known, judge(extract_name, [delivered[n] for n in places], context), places) if places else known
            if is_told_of_several(known):
                return judge(extract_name, list(delivered), context)
        else:
            self.whole.add(extract_name)
        self.taken[extract_name] = len(same)
        return known

    def tell(self, extract_name: str) -> str:
        """Say how much of an extract was taken over; nothing where all was judged."""
        if extract_name not in self.taken:
            return ""
        some = f"{len(self.keys[extract_name])}个文件中{self.taken[extract_name]}个"
        return f"（{'' if extract_name in self.whole else some}未变，沿用上次结果）"

    def write(self, out: Path) -> None:
        """Copy what was taken over whole, as files are kept now, and lay the keys beside it. They name nobody."""
        if self.folder is not None:
            for name in sorted(self.whole):
                vault.write_bytes(out / f"{name}.parquet", vault.read_bytes(self.folder / f"{name}.parquet"))
        (out / KEYS).write_text(json.dumps(self.keys, indent=1, sort_keys=True), encoding="utf-8")

    @cached_property
    def _keys_then(self) -> dict[str, dict[str, str]]:
        path = self.folder / KEYS if self.folder is not None else None
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path is not None and path.exists() else {}

    @cached_property
    def _frames(self) -> dict[str, pl.DataFrame]:
        """The files that hold rows of all extracts, each read once."""
        return {name: vault.read_frame(self.folder / f"{name}.parquet") for name in _OF_ALL} if self.folder is not None else {}

    def _take_over(self, extract_name: str, delivered: Sequence[Delivered], same: Collection[str]) -> Judged | None:
        """Return what was found then of some files; None when the rows do not add up, and all are judged anew."""
        assert self.folder is not None
        ours = pl.col("file_id").is_in(sorted(same))
        accepted = vault.read_frame(self.folder / f"{extract_name}.parquet").filter(ours)
        problems, quarantined, lines, files = (
            self._frames[name].filter(pl.col("extract") == extract_name, ours) for name in _OF_ALL
        )
        # said of a whole file and not of a row: it is said anew
        problems = problems.filter((pl.col("rule") != RULES["status_defaulted"].id) | pl.col("source_row").is_not_null())
        sheets = [(n, item.sheet.file_id, item.sheet.sheet) for n, item in enumerate(delivered) if item.sheet.file_id in same]
        order = pl.DataFrame(sheets, schema={"sheet_no": pl.Int32, "file_id": pl.String, "sheet": pl.String}, orient="row")
        counts = order.join(files, on=["file_id", "sheet"], how="inner", maintain_order="left").select("sheet_no", *COUNTS)
        sums = counts.select("accepted", "quarantined").sum().row(0)
        if counts.height != len(sheets) or not is_conserved(counts) or sums != (accepted.height, quarantined.height):
            return None
        return Judged(extract_name, accepted, problems, quarantined, counts, lines)


def is_told_of_several(judged: Judged) -> bool:
    """Whether files of an extract contradict each other, or did: what is told of that hangs on all of them."""
    told = (judged.problems["rule"] == RULES["file_conflict"].id).any()
    return told or not find_rivals(EXTRACTS[judged.extract], judged.accepted, pl.lit(True)).is_empty()


def name_files(sheets: Iterable[LandedSheet], context: Context, program: str) -> dict[str, str]:
    """Name, for each file of one extract, all that its rows rest on: its landed sheets, what they are judged against, the program."""
    schools, areas = context.schools, context.areas
    against = (
        str(context.period), context.age_min, context.age_max, context.months, areas.delivered,
        sorted(schools.types.items()), sorted((name, sorted(codes)) for name, codes in schools.names.items()),
        sorted(areas.townships.items()), sorted(areas.villages.items()),
    )  # fmt: skip
    common = hashlib.sha256(repr((program, against)).encode())
    keys = {}
    for file_id, group in groupby(sheets, lambda sheet: sheet.file_id):
        digest = common.copy()
        digest.update(repr(tuple(group)).encode())
        keys[file_id] = digest.hexdigest()
    return keys


def join(known: Judged, fresh: Judged, places: Sequence[int]) -> Judged:
    """Put what was found of some files of an extract beside what is found of the others, in the order of one judgement.

    `places`: where the sheets of `fresh` stand among all of the extract.
    """

    def by_file(name: str, *first: pl.Expr) -> pl.DataFrame:
        frame: pl.DataFrame = pl.concat([getattr(known, name), getattr(fresh, name)])
        return frame.sort(*first, "file_id", maintain_order=True)

    numbers = pl.Series(places, dtype=pl.Int32).gather(fresh.counts["sheet_no"])
    counts = pl.concat([known.counts, fresh.counts.with_columns(sheet_no=numbers)]).sort("sheet_no")
    of_title = pl.col("rule") == RULES["title_school_unknown"].id  # told after all that is told of rows
    return Judged(known.extract, by_file("accepted"), by_file("problems", of_title), by_file("quarantined"), counts, by_file("lines"))
