"""`baoxue sample --districts`: several invented districts, and children of each who sit in the next one's schools."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from schemas.bimester import Bimester
from schemas.fields import FIELDS
from schemas.law import write_number
from transforms.sample.write import write_sample

CROSSING = 5  # children of one district in the next one's registry
FILE = Path("学籍") / "区外转入补报.csv"
TRUTH = "moved.csv"
HEADINGS = ("school_code", "grade", "class_name", "name", "sex", "birth_date", "id_type", "id_number", "registry_status")


def name_districts(count: int) -> tuple[str, ...]:
    """Name so many districts: 荣昌区, whose places all of them borrow, and invented ones."""
    return ("荣昌区", *(f"样例{write_number(number)}区" for number in range(2, count + 1)))


def write_city_sample(
    homes: Sequence[tuple[str, Path]], period: Bimester, *, back: int = 0, pupils: int | None = None, seed: int = 20250512,
    say: Callable[[str], None] = lambda text: None,
) -> int:  # fmt: skip
    """Write a sample into each (district, home); return how many children cross a border in the last period.

    They are children whom nobody had found a school for; the truth of it stands in `private/sample_truth/<period>/moved.csv`
    of the district that looks for them.
    """
    for number, (district, home) in enumerate(homes):
        say(f"【{district}】")
        write_sample(home, period, back=back, pupils=pupils, seed=seed + number, say=say)
        _write_office(home, district)
    return sum(_move(home, there, name, period) for (_, home), (name, there) in zip(homes, [*homes[1:], homes[0]], strict=True))


def _write_office(home: Path, district: str) -> None:
    path = home / "templates" / "office.yaml"
    if district == "荣昌区" or path.exists():
        return
    path.parent.mkdir(exist_ok=True)
    place = f"重庆市{district}"
    path.write_text(f"district: {district}\nissuer: {place}教育委员会\nplace: {place}\nreview_organ: {place}人民政府\n", encoding="utf-8")


def _move(home: Path, there: Path, district: str, period: Bimester) -> int:
    """Put some of a district's children who are on no roll onto the other district's."""
    truth = home / "private" / "sample_truth" / str(period)
    sought = pl.read_csv(truth / "case.csv", infer_schema=False).filter(
        pl.col("state") == "待核实", pl.col("opened_by") == "unenrolled", pl.col("id_number").str.len_chars() == 18)  # fmt: skip
    schools = pl.read_csv(there / "private" / "sample_truth" / str(period) / "indicator.csv", infer_schema=False).filter(
        pl.col("area_level") == "school", pl.col("indicator") == "in_school_rate", pl.col("grade") == "all",
        pl.col("population_group") == "all", pl.col("stage") != "all")  # fmt: skip
    first = dict(schools.sort("school_code", descending=True).select("stage", "school_code").iter_rows())
    rows = [_enrol(name, number, period.school_year, first)
            for name, number in sought.sort("id_number").select("name", "id_number").head(CROSSING).iter_rows()]  # fmt: skip
    if rows:
        _write(there / "inbox" / str(period) / FILE, [FIELDS[name].title for name in HEADINGS], rows)
    _write(truth / TRUTH, ["name", "id_number", "found_in"], [[row[3], row[7], district] for row in rows])
    return len(rows)


def _enrol(name: str, number: str, school_year: int, first: dict[str, str]) -> list[str]:
    born = number[6:14]
    age = school_year - int(born[:4]) - (born[4:] > "0831")
    grade = min(max(age - 5, 1), 9)
    sex = "男" if int(number[16]) % 2 else "女"
    return [first["primary" if grade <= 6 else "junior"], str(grade), "1班", name, sex, f"{born[:4]}-{born[4:6]}-{born[6:]}",
            "居民身份证", number, "在读"]  # fmt: skip


def _write(path: Path, headings: list[str], rows: list[list[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\r\n")
        writer.writerow(headings)
        writer.writerows(rows)
