"""One workbook a recipient, under a password of its own, for handing over by mail or disk: all its lists and forms in one file.

Encrypted as Office and WPS do it (OOXML). The bytes differ each time; what is inside does not, and its hash is kept.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import msoffcrypto

from transforms.documents.workbook import Sheet, write_workbook

FOLDER, HASHES = "加密", "内容校验.csv"
LONGEST = 31  # of a sheet's name, as office programs have it

# Recipient's folder → file name without ending and its sheets, as they were written.
Books = Mapping[str, Sequence[tuple[str, list[Sheet]]]]


def write_sealed(books: Books, passwords: Mapping[str, str], out_dir: Path, issued: date, properties: Mapping[str, str]) -> list[Path]:
    """Write 加密/<学校 or 镇街>/<recipient>.xlsx for every recipient with a password, and the hashes of what is inside.

    The recipient's password alone opens it; it stands nowhere below `out_dir`.
    """
    paths, hashes = [], []
    for place, password in sorted(passwords.items()):
        if not (sheets := merge_sheets(books.get(place, ()))):
            continue
        plain = write_workbook(sheets, issued, properties)
        path = out_dir / FOLDER / f"{place}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encrypt(plain, password))
        paths.append(path)
        hashes.append((path.relative_to(out_dir).as_posix(), hashlib.sha256(plain).hexdigest()))
    if paths:
        table = StringIO()
        csv.writer(table, lineterminator="\n").writerows([("文件", "内容的SHA-256"), *hashes])
        paths.append(out_dir / FOLDER / HASHES)
        paths[-1].write_text(table.getvalue(), encoding="utf-8-sig", newline="")
    for path in paths:
        path.chmod(0o600)
    return paths


def encrypt(plain: bytes, password: str) -> bytes:
    """Encrypt an Office file (ECMA-376 agile encryption)."""
    sealed = BytesIO()
    msoffcrypto.OfficeFile(BytesIO(plain)).encrypt(password, sealed)
    return sealed.getvalue()


def merge_sheets(books: Sequence[tuple[str, list[Sheet]]]) -> list[Sheet]:
    """Set all sheets into one book, each under a name of its own: the file's, with the sheet's where a file has several."""
    merged: list[Sheet] = []
    taken: set[str] = set()
    for file, sheets in books:
        for sheet in sheets:
            wanted = file if len(sheets) == 1 else f"{file}·{sheet.name}"
            name = wanted[:LONGEST]
            for number in range(2, 1000):
                if name not in taken:
                    break
                name = f"{wanted[: LONGEST - 4]}~{number}"
            taken.add(name)
            merged.append(replace(sheet, name=name))
    return merged


def read_hashes(out_dir: Path) -> dict[str, str]:
    """Path below `out_dir` → SHA-256 of what each sealed file holds; empty where none was made."""
    path = out_dir / FOLDER / HASHES
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return {row[0]: row[1] for row in list(csv.reader(handle))[1:]}
