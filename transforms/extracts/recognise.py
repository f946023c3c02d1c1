"""Which extract is this sheet? By headings and title row, never by the file's name (contract §3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import polars as pl

from schemas.extracts import EXTRACTS, Extract
from schemas.fields import FIELDS
from transforms.extracts.headings import SCHOOL_NAME, all_headings, bare, match_headings, plain
from transforms.extracts.titles import Surroundings, find_in_title

# Headings stand near the top; below this row a sheet that has shown none holds no table of ours.
SEARCH_ROWS = 40
# What a sheet must at least show to be called a table that somebody meant to send.
TABLE_HEADINGS = 3

# Words of a title that name an extract, beside the declared title.
TITLE_WORDS: dict[str, tuple[str, ...]] = {
    "school": ("学校名册", "学校名录", "学校基本信息"),
    "area": ("村社名册", "镇街名册"),
    "child": ("适龄儿童少年底册", "适龄儿童", "户籍儿童", "底册"),
    "registry": ("学籍名册", "学籍信息", "学生基本信息", "在籍学生"),
    "attendance": ("在校学生月报", "在校生月报", "考勤月报"),
    "class_roll": ("在校情况汇总", "班级在校情况"),
    "absentee": ("不在校学生", "未在校学生", "缺勤学生名单"),
    "movement": ("学籍异动", "异动"),
    "cohort": ("历届入学人数",),
    "monitored": ("脱贫", "监测对象"),
    "disabled": ("残疾儿童", "残疾少年"),
    "care": ("关爱儿童", "留守儿童", "困境儿童", "孤儿", "事实无人抚养"),
    "sealed": ("涉案未成年人",),
    "suspect": ("疑似辍学", "摸排表", "摸排名单", "疑似名单"),
    "verification": ("核实反馈", "核实情况"),
    "persuasion": ("劝返记录", "劝返"),
    "aid": ("资助",),
    "school_work": ("工作月报",),
    "intake": ("新生名册", "录取名册", "新生名单"),
    "vocational": ("中职在校生", "中职学生"),
    "exam_registration": ("中考报名",),
    "platform": ("平台在册", "平台台账"),
    "reported": ("已上报数据",),
}
# Extracts that ask for little more than a name and an id: their title, or a heading of their own, must speak.
_FAINT = {"suspect": ("batch", "issued_on", "verify_by", "former_school_code", "former_school_name", "suspect_type",
                      "suspect_source"),
          "school_work": ("study_hours", "homework_minutes", "exams", "aids_per_subject", "sport_hours", "social_practice",
                          "contests", "struggling_pupils", "help_plans", "law_sessions", "law_reached", "home_visits",
                          "has_plan", "study_meetings", "funds"),
          "exam_registration": ()}  # fmt: skip


@dataclass(frozen=True)
class Recognition:
    """One recognised sheet: its extract, where its headings stand, and which cell column holds which field.

    `first_row` and `last_row` are 0-based heading rows (several for stacked headings). `headings` keeps the
    source's own words by column index. `given` holds values found around the table, by field.
    """

    extract: str
    first_row: int
    last_row: int
    columns: dict[str, int]
    headings: tuple[str, ...]
    given: dict[str, str]
    title_rows: tuple[str, ...]


@dataclass(frozen=True)
class NearMiss:
    """The extract an unknown sheet is nearest to and the headings it lacks; `hits` headings were known, `unknown` in no extract."""

    extract: str
    lacking: tuple[str, ...]
    hits: int
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Candidate:
    extract: Extract
    columns: dict[str, int]
    given: dict[str, str]
    lacking: tuple[str, ...]
    titled: bool

    @property
    def score(self) -> tuple[bool, int, int, int]:
        required = sum(f.name in self.columns for f in self.extract.required_headings)
        return (not self.lacking, len(self.columns) + 3 * self.titled, required, -len(self.lacking))


def recognise(cells: pl.DataFrame, sheet: str, folders: tuple[str, ...]) -> Recognition | NearMiss | None:
    """Recognise one sheet. NearMiss: a table, but of no extract. None: no table at all."""
    rows = [tuple(cell or "" for cell in row) for row in cells.head(SEARCH_ROWS + 2).rows()]
    misses: list[NearMiss] = []
    for first, last, headings in _heading_rows(rows):
        around = Surroundings(_title_rows(rows[:first]), sheet, folders)
        best = _choose(headings, around)
        if best is None:
            continue
        if not best.lacking:
            return Recognition(best.extract.name, first, last, best.columns, headings, best.given, around.title_rows)
        misses.append(NearMiss(best.extract.name, best.lacking, len(best.columns), _list_unknown(headings)))
    return max(misses, key=lambda miss: miss.hits, default=None)


def _heading_rows(rows: list[tuple[str, ...]]) -> Iterable[tuple[int, int, tuple[str, ...]]]:
    """Yield rows that could be headings: each alone, or stacked with the row below when that tells more."""
    for index, row in enumerate(rows[:SEARCH_ROWS]):
        alone = _count_known(row)
        below = rows[index + 1] if index + 1 < len(rows) else ()
        stacked = _stack(row, below) if below else row
        if alone and _count_known(below) and _count_known(stacked) > max(alone, _count_known(below)):
            yield index, index + 1, stacked
        elif alone >= 2:
            yield index, index, row


def _count_known(row: tuple[str, ...]) -> int:
    return len({plain(cell) for cell in row if cell and _is_known(cell)})


def _is_known(cell: str) -> bool:
    return plain(cell) in all_headings() or bare(cell) in all_headings()


def _list_unknown(headings: tuple[str, ...]) -> tuple[str, ...]:
    """The headings that no extract has, as they are written: one of them is often a lacking one misspelt."""
    return tuple(plain(cell) for cell in headings if cell and not _is_known(cell))


def _stack(upper: tuple[str, ...], lower: tuple[str, ...]) -> tuple[str, ...]:
    """Join two heading rows: 监护人 over 姓名, 电话 reads 监护人姓名, 监护人电话; a lone upper cell stays."""
    known = all_headings()
    result, group = [], ""
    for above, below in zip(upper, lower, strict=False):
        group = above or group
        if not below:
            result.append(above)
        elif above and plain(above) in known and plain(above + below) not in known:
            result.append(below if plain(below) in known else above)
        else:
            result.append(group + below if plain(group + below) in known else below)
    return tuple(result)


def _title_rows(rows: list[tuple[str, ...]]) -> tuple[str, ...]:
    texts = (" ".join(dict.fromkeys(cell.strip() for cell in row if cell.strip())) for row in rows)
    return tuple(text for text in texts if text)


def _choose(headings: tuple[str, ...], around: Surroundings) -> _Candidate | None:
    known = all_headings()
    hints = {name for cell in headings if cell for name in known.get(plain(cell), known.get(bare(cell), ()))}
    candidates = [_weigh(EXTRACTS[name], headings, around) for name in EXTRACTS if name in hints]
    usable = [c for c in candidates if not c.lacking]
    if usable:
        best = max(usable, key=lambda c: c.score)
        better = [c for c in candidates if _explains_more(c, best)]
        if better:
            return max(better, key=lambda c: (c.titled, len(c.columns)))
        if sum(c.score == best.score for c in usable) == 1:
            return best
        # two extracts that fit equally well: guessing would be worse than asking
        return replace(best, lacking=("能说明是哪种数据的标题（与几种数据同样相像）",))
    if _count_known(headings) < TABLE_HEADINGS:
        return None
    return max(candidates, key=lambda c: (c.titled, len(c.columns) - 2 * len(c.lacking)), default=None)


def _explains_more(other: _Candidate, best: _Candidate) -> bool:
    """Whether a sheet that would pass as `best` is plainly meant as `other` and only lacks a heading or two.

    So a 月报 that lost 缺勤天数 is asked for again and not read as a list of absent pupils.
    """
    return 0 < len(other.lacking) <= 2 and not best.titled and set(best.columns) < set(other.columns)


def _weigh(extract: Extract, headings: tuple[str, ...], around: Surroundings) -> _Candidate:
    columns = match_headings(extract.name, headings)
    titled = any(word in text for text in around.texts for word in (extract.title, *TITLE_WORDS[extract.name]))
    given = {
        name: value
        for name in extract.in_title
        if name not in columns and (value := find_in_title(name, around)) is not None
    }
    lacking = tuple(_list_lacking(extract, columns, given))
    if extract.name in _FAINT and not titled and not _speaks(extract.name, columns, headings):
        lacking += (f"标题中的“{extract.title}”",)
    return _Candidate(extract, columns, given, lacking, titled)


def _speaks(name: str, columns: dict[str, int], headings: tuple[str, ...]) -> bool:
    """Whether the headings alone can only mean this faint extract."""
    if name == "exam_registration":
        return "school_code" in columns and _count_known(headings) == len(columns)
    return any(field in columns for field in _FAINT[name])


def _list_lacking(extract: Extract, columns: dict[str, int], given: dict[str, str]) -> Iterable[str]:
    """Name the headings that must be there and are neither a column nor in the title."""
    school_known = any(name in columns or name in given for name in ("school_code", SCHOOL_NAME))
    for field in extract.required_headings:
        if field.name == "school_code" and extract.name != "school" and school_known:
            continue
        if field.name not in columns and field.name not in given:
            yield field.title
    if extract.name == "registry" and not school_known:
        yield FIELDS["school_code"].title
    for group in extract.either:
        if not any(name in columns for name in group):
            yield "或".join(FIELDS[name].title for name in group)
