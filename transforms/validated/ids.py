"""Identity numbers: mended, judged, taken apart (contract §3, faults of an id)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl

# GB 11643: weights 2^(17-i) mod 11 and the check character for each remainder.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_FORM = r"^[0-9]{17}[0-9X]$"
_PLACES = Path(__file__).parents[2] / "data" / "reference" / "id_places.csv"

PLAIN = r"^[A-Z]?[0-9]+X?$"  # what mending leaves as it is
RESIDENT_CARD = "居民身份证"
REGISTRY_FORM = r"^[GLJ][0-9]{17}[0-9X]$"
DISABILITY_KINDS = ("视力", "听力", "言语", "肢体", "智力", "精神", "多重")
DISABILITY_GRADES = ("一级", "二级", "三级", "四级")


def mend(numbers: pl.Series) -> pl.Series:
    """Clean numbers as people type them: half-width, no white space or quotation marks, upper-case X."""
    text = numbers.str.normalize("NFKC").str.replace_all(r"[\s\u200b-\u200f\ufeff'‘’“”\"=`]", "")
    text = text.str.to_uppercase().str.replace_all("×", "X")
    text = text.str.replace(r"\.0$", "")
    return text.set(text.is_in(["", "无", "-", "—", "/", "NULL", "NONE", "N/A", "#N/A", "暂无", "不详", "未知"]), None)


def key_of(id_number: pl.Expr) -> pl.Expr:
    """The first 17 digits as one number, which is quicker to take apart than the text; NULL when it has not the form of an id."""
    return pl.when(id_number.str.contains(_FORM)).then(id_number.str.slice(0, 17)).cast(pl.Int64)


def is_valid(id_number: pl.Expr, key: pl.Expr, born: pl.Expr) -> pl.Expr:
    """Whether a text is a resident id: form (it has a key), check character and a day that exists."""
    digits = [key // 10 ** (16 - place) % 10 * weight for place, weight in enumerate(_WEIGHTS)]
    check = (pl.sum_horizontal(digits) % 11).replace_strict(list(range(11)), list(_CHECK), return_dtype=pl.String)
    return (key.is_not_null() & (check == id_number.str.slice(17, 1)) & born.is_not_null()).fill_null(False)


def birth_of(id_number: pl.Expr) -> pl.Expr:
    """Birth date inside an 18-digit id; NULL when that day does not exist."""
    return id_number.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)


def is_other_sex(sex: pl.Expr, key: pl.Expr) -> pl.Expr:
    """Whether a sex is not that inside an id, by its key; false where one is not known."""
    other = pl.when(key % 2 == 1).then(sex != "男").otherwise(sex != "女")
    return (other & key.is_not_null()).fill_null(False)


def fault_of(given: pl.Expr, valid: pl.Expr) -> pl.Expr:
    """Name the one fault of a filled number that is not a valid resident id: a rule id, or NULL."""
    size = given.str.len_chars()
    lost = given.str.contains(r"^[0-9](\.[0-9]+)?E\+?[0-9]+$") | given.str.contains(r"^[0-9]{15}000$")
    return (
        pl.when(given.is_null() | valid)
        .then(None)
        .when(lost)
        .then(pl.lit("id_excel_lost"))
        .when(size == 15)
        .then(pl.lit("id_fifteen"))
        .when(size != 18)
        .then(pl.lit("id_length"))
        .otherwise(pl.lit("id_check_digit"))
    )


def is_disability_number(given: pl.Expr) -> pl.Expr:
    """Whether a text is a 20-digit 残疾证号: id, kind (1–7), grade (1–4)."""
    return given.str.contains(r"^[0-9]{17}[0-9X][1-7][1-4]$").fill_null(False)


def disability_kind(given: pl.Expr) -> pl.Expr:
    """Kind of disability from a 残疾证号."""
    return given.str.slice(18, 1).replace_strict(list("1234567"), list(DISABILITY_KINDS), default=None)


def disability_grade(given: pl.Expr) -> pl.Expr:
    """Grade of disability from a 残疾证号."""
    return given.str.slice(19, 1).replace_strict(list("1234"), list(DISABILITY_GRADES), default=None)


@cache
def read_places() -> pl.DataFrame:
    """Place codes we can judge: prefix, first and last birth year it was given out; see the file's notes."""
    return pl.read_csv(_PLACES, infer_schema=False)


def is_place_unknown(key: pl.Expr) -> pl.Expr:
    """Whether the place digits of a valid id, by its key, did not exist in its birth year.

    Provinces by their two digits; Chongqing's districts by all six, because their codes changed with the
    districts (荣昌: 500226 until 2015, 500153 since; an id taken later for an earlier birth carries the new one).
    """
    places = read_places().select(pl.col("prefix", "until").cast(pl.Int32)).rows()
    provinces, districts = [p for p, _ in places if p < 100], [p for p, _ in places if p >= 100]
    district, year = (key // 10**11).cast(pl.Int32), (key // 10**7 % 10**4).cast(pl.Int32)
    until = {prefix: year for prefix, year in places if year}
    last = district.replace_strict(list(until), list(until.values()), default=9999, return_dtype=pl.Int32)
    unknown = district.is_in(districts).not_() | (year > last)
    province = district // 10**4
    return pl.when(province == 50).then(unknown).otherwise(province.is_in(provinces).not_()).fill_null(False)
