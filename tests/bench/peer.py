"""A peer: pandas and openpyxl doing the same reads, the same comparison of three registers and the same counts."""

from __future__ import annotations

import io
from pathlib import Path

from tests.bench.floor import JOINED, decode


def read_files(folder: Path) -> int:
    """Read every .xlsx and text file as text; return rows. Formats that openpyxl does not know are left out."""
    import pandas as pd

    rows = 0
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.suffix.lower() in (".csv", ".tsv", ".txt"):
            text = decode(path.read_bytes())
            width = max(line.count(",") for line in text.splitlines()) + 1
            rows += len(pd.read_csv(io.StringIO(text), dtype=str, header=None, names=range(width), on_bad_lines="skip"))
        elif path.suffix.lower() == ".xlsx":
            sheets = pd.read_excel(path, sheet_name=None, header=None, dtype=str, engine="openpyxl")
            rows += sum(len(sheet) for sheet in sheets.values())
    return rows


def join_registers(folder: Path) -> int:
    """The floor's comparison and counts; return result rows."""
    import pandas as pd

    child, record, absent = (pd.read_parquet(folder / f"{name}.parquet").dropna(subset=["id_number"]) for name in JOINED)
    both = child.groupby("id_number", as_index=False)["township"].first().merge(
        record.groupby("id_number", as_index=False)[["school_code", "grade"]].first(), how="outer", on="id_number", indicator=True
    )  # fmt: skip
    both["is_absent"] = both["id_number"].isin(set(absent["id_number"]))
    both["no_record"], both["no_child"], both["one"] = both["_merge"] == "left_only", both["_merge"] == "right_only", 1
    counts = ["one", "no_record", "no_child", "is_absent"]
    sets = (["township"], ["school_code"], ["school_code", "grade"], ["township", "grade"])
    return 1 + sum(len(both.groupby(keys, dropna=False)[counts].sum()) for keys in sets)
