"""Refuse a workbook that would unpack or unfold beyond measure, before a reader gives it memory.

A reader lays a sheet out as a full rectangle: one cell in the last corner of an empty sheet asks for 17 thousand
million cells. So the corners are looked up first, in the packed file, a piece at a time. What a file says of itself
(a sheet's dimension, a member's size) is not believed.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO

MOST_BYTES = 200_000_000  # as received; a full district's register of sixty columns is a third of it
MOST_UNPACKED = 1_000_000_000
MOST_MEMBERS = 10_000
MOST_CELLS = 60_000_000  # a full district's register has 5 million
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # Excel's own
LONGEST_LINE = 1_000_000
_PIECE = 4 << 20

_BINARY_SHEET = re.compile(r"^/?xl/worksheets/[^/]*\.bin$", re.IGNORECASE)
# Each begins with a letter as it stands, and looks behind it afterwards: three times as fast over a register of 90 MB.
_LETTERS = re.compile(rb"""r(?<!\wr)\s*=\s*["']([A-Za-z]+)\d""")
_DIGITS = re.compile(rb"""r(?<!\wr)\s*=\s*["'][A-Za-z]*(\d+)["']""")
_CELL = re.compile(rb"c(?<=[<:]c)[\s/>]")
_ROW = re.compile(rb"row(?<=[<:]row)[\s/>]")
# Most sheets need no count: every cell begins with its reference, and none is as far out as column WA or row 100,000, short of
# which no rectangle is beyond measure (598 columns by 99,999 rows).
_ODD_CELL = re.compile(rb"""c(?<=[<:]c)(?:[/>]|\s(?!r=["'](?:[A-Za-z]|[A-Va-v][A-Za-z])\d{1,5}["']))""")
_FAR_ROW = re.compile(rb"""row(?<=[<:]row)\s[^<>]*?r(?<!\wr)\s*=\s*["']\d{6}""")
# A value that may be a number of 16 digits or more: so many signs, an exponent, or written in a roundabout way.
_LONG_VALUE = re.compile(rb"v(?<=[<:]v)(?:\s[^<>]*)?>(?:[^<]{16}|[^<]*[eE&]|<!)")
_ODS_TAG = re.compile(rb"<(/?)table:(table-row|table-cell|covered-table-cell|table)(?=[\s/>])([^>]*)>")
_ODS_TIMES = re.compile(rb"""number-(?:columns|rows)-repeated\s*=\s*["'](\d{1,12})["']""")


class TooLarge(ValueError):
    """What a file would unfold to; the text says in Chinese how much is allowed."""


def check_package(data: bytes) -> bool:
    """Unpack a zipped workbook piece by piece, keeping nothing; return whether some number may be longer than Excel keeps.

    Raises TooLarge, or ValueError on a broken package.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            members = package.infolist()
            if len(members) > MOST_MEMBERS:
                raise TooLarge(f"压缩包内有{len(members)}个部件，最多{MOST_MEMBERS}个")
            left, may_be_long = MOST_UNPACKED, False
            for member in members:
                size, is_long = _check_member(data, member, left)
                left -= size
                may_be_long |= is_long
            return may_be_long
    except (zipfile.BadZipFile, struct.error, NotImplementedError, OverflowError) as error:
        raise ValueError("broken package") from error


def _check_member(data: bytes, member: zipfile.ZipInfo, left: int) -> tuple[int, bool]:
    size, look = 0, _choose_look(member.filename)
    for piece in _unpack(data, member):
        size += len(piece)
        if size > left:
            raise TooLarge(f"解开后超过{MOST_UNPACKED // 1_000_000}MB，疑似压缩炸弹")
        if look is not None:
            look.look(piece)
    if look is not None:
        check_area(*look.find(lambda: _unpack(data, member)))
    return size, look is not None and look.may_be_long


def _unpack(data: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a member's content as readers find it: by what lies in the package, not by the size it claims."""
    head = member.header_offset
    if data[head : head + 4] != b"PK\x03\x04" or member.flag_bits & 0x61:  # locked with a password, or a patch
        raise ValueError("broken package")
    names, extra = struct.unpack("<HH", data[head + 26 : head + 30])
    start = head + 30 + names + extra
    packed = memoryview(data)[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        yield bytes(packed)
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise ValueError("packed in a way no office program uses")
    unpacker = zlib.decompressobj(-15)
    try:
        feed: bytes | memoryview = packed
        while not unpacker.eof and (piece := unpacker.decompress(feed, _PIECE)):
            yield piece
            feed = unpacker.unconsumed_tail
    except zlib.error as error:
        raise ValueError("broken package") from error


def check_area(rows: int, columns: int) -> None:
    """Raises TooLarge when a sheet's rectangle is beyond measure."""
    if rows * columns > MOST_CELLS:
        raise TooLarge(f"工作表要占{rows}行×{columns}列，最多{MOST_CELLS // 10_000}万格；请删去表格以外的零散单元格后另存")


def _cut_at_tag(text: bytes) -> tuple[bytes, bytes]:
    """Part a text before its last tag, which the next piece may complete."""
    cut = text.rfind(b"<")
    return (text[:cut], text[cut:][-_PIECE:]) if cut > 0 else (text, b"")


class _XlsxGlance:
    """Whether a sheet's far corner must be looked for at all; few sheets need it, and those are unpacked once more."""

    def __init__(self) -> None:
        self.tail = b""
        self.is_odd = self.may_be_long = False

    def look(self, piece: bytes) -> None:
        """Look at the next piece; a tag cut in two is seen with the next."""
        text, self.tail = _cut_at_tag(self.tail + piece)
        self.is_odd = self.is_odd or _ODD_CELL.search(text) is not None or _FAR_ROW.search(text) is not None
        self.may_be_long = self.may_be_long or _LONG_VALUE.search(text) is not None

    def find(self, unpack: Callable[[], Iterator[bytes]]) -> tuple[int, int]:
        """Rows and columns, at most; none of a sheet that cannot be too large."""
        self.look(b"<")
        if not self.is_odd:
            return 0, 0
        corner = _XlsxCorner()
        for piece in unpack():
            corner.look(piece)
        return corner.find()


class _XlsxCorner:
    """The far corner of a sheet's cells, from their references; cells without one count on from the last."""

    def __init__(self) -> None:
        self.columns = self.rows = 0
        self.tail = b""
        self.unnamed_row = self.unnamed_cells = self.row_tags = 0

    def look(self, piece: bytes) -> None:
        """Look at the next piece; a tag cut in two is seen with the next."""
        text, self.tail = _cut_at_tag(self.tail + piece)
        letters, digits = _LETTERS.findall(text), set(_DIGITS.findall(text))
        self.columns = max(self.columns, *map(_number_column, set(letters)), 0)
        self.rows = max(self.rows, *map(int, digits), 0)
        if len(_CELL.findall(text)) > len(letters):
            self._count_unnamed(text)
        self.row_tags += len(_ROW.findall(text))

    def _count_unnamed(self, text: bytes) -> None:
        first, *others = (len(_CELL.findall(row)) for row in _ROW.split(text))
        self.unnamed_row += first
        self.unnamed_cells = max(self.unnamed_cells, self.unnamed_row, *others, 0)
        if others:
            self.unnamed_row = others[-1]

    def find(self) -> tuple[int, int]:
        """Rows and columns, at most. Raises ValueError on a reference that Excel could not have written."""
        self.look(b"<")
        if self.rows > MOST_ROWS or self.columns > MOST_COLUMNS:
            raise ValueError("a cell beyond the end of any sheet")
        if self.unnamed_cells:
            return self.rows + self.row_tags, self.columns + self.unnamed_cells
        return self.rows, self.columns


def _number_column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


class _XlsbCorner:
    """The far corner of a binary sheet: rows of its row records, columns of its cell records."""

    may_be_long = True  # not looked at

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def look(self, piece: bytes) -> None:
        """Keep the piece: records are read in one go."""
        self.pieces.append(piece)

    def find(self, _: Callable[[], Iterator[bytes]]) -> tuple[int, int]:
        """Rows and columns."""
        text, place, rows, columns = b"".join(self.pieces), 0, 0, 0
        while place + 2 <= len(text):
            kind, place = _read_varying(text, place, 2)
            size, place = _read_varying(text, place, 4)
            if kind <= 11 and place + 4 <= len(text):  # 0 is a row, 1 to 11 are cells
                number = int.from_bytes(text[place : place + 4], "little") + 1
                rows, columns = (max(rows, number), columns) if kind == 0 else (rows, max(columns, number))
            place += size
        return rows, columns


def _read_varying(text: bytes, place: int, most: int) -> tuple[int, int]:
    value = 0
    for number in range(most):
        if place >= len(text):
            break
        byte = text[place]
        place += 1
        value |= (byte & 0x7F) << (7 * number)
        if byte < 0x80:
            break
    return value, place


class _OdsCorner:
    """The far corner of an .ods file's tables: repeated cells and rows count as often as they are repeated."""

    may_be_long = True  # not looked at

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def look(self, piece: bytes) -> None:
        """Keep the piece: tags are read in one go."""
        self.pieces.append(piece)

    def find(self, _: Callable[[], Iterator[bytes]]) -> tuple[int, int]:
        """Rows and columns of the largest table, up to its last cell that holds something."""
        most, row, column, times, rows, columns, filled = (0, 0), 0, 0, 1, 0, 0, 0
        for match in _ODS_TAG.finditer(b"".join(self.pieces)):
            closing, what, attributes = match.groups()
            again = int(found[1]) if (found := _ODS_TIMES.search(attributes)) else 1
            if what == b"table" and not closing:
                row = rows = columns = 0
            elif what == b"table-row" and not closing:
                column, times, filled = 0, again, 0
                row += again if attributes.endswith(b"/") else 0
            elif what == b"table-row":
                row += times
                if filled:
                    rows, columns = row, max(columns, filled)
                    most = max(most, (rows, columns), key=lambda area: area[0] * area[1])
            elif what != b"table" and not closing:
                column += again
                filled = column if b"value" in attributes or not attributes.endswith(b"/") else filled
        return most


def _choose_look(name: str) -> _XlsxGlance | _XlsbCorner | _OdsCorner | None:
    """Choose how to look at a member. A sheet may stand anywhere in a package, so every .xml is taken for one."""
    if name == "content.xml":
        return _OdsCorner()
    if _BINARY_SHEET.match(name):
        return _XlsbCorner()
    return _XlsxGlance() if name.lower().endswith(".xml") else None


def check_compound(data: bytes) -> bool:
    """Look over an old binary workbook: its chains of sectors must end, its cells lie within measure.

    Return whether some number may be longer than Excel keeps: always, its numbers are not looked at. Raises TooLarge, or
    ValueError when a chain of sectors bites its own tail, which would be read without end.
    """
    size = 1 << min(int.from_bytes(data[30:32], "little"), 20)
    counted = (int.from_bytes(data[place : place + 4], "little") for place in (40, 44, 64, 72))  # readers reserve for them
    if size < 64 or max(counted) > len(data) // size + 1:
        raise ValueError("broken package")
    table = _read_sector_table(data, size)
    starts = [int.from_bytes(data[48:52], "little"), int.from_bytes(data[60:64], "little")]
    entries = b"".join(_read_sector(data, size, number) for number in _follow(table, starts[0]))
    small = _read_numbers(b"".join(_read_sector(data, size, number) for number in _follow(table, starts[1])))
    workbooks, pieces = [], b""
    for place in range(0, len(entries) - 127, 128):
        entry = entries[place : place + 128]
        start, length = struct.unpack("<II", entry[116:124])
        is_root, is_small = entry[66] == 5, length < 4096
        chain = _follow(small if is_small and not is_root else table, start)
        if is_root:
            pieces = b"".join(_read_sector(data, size, number) for number in chain)
        elif entry[66] == 2 and entry[: entry[64]].decode("utf-16-le", "replace").rstrip("\0") in ("Workbook", "Book"):
            cut = (pieces[64 * n : 64 * n + 64] if is_small else _read_sector(data, size, n) for n in chain)
            workbooks.append(b"".join(cut))
    for text in workbooks:
        _check_records(text)
    return True


def _read_sector(data: bytes, size: int, number: int) -> bytes:
    return data[(number + 1) * size : (number + 2) * size]


def _read_numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _read_sector_table(data: bytes, size: int) -> tuple[int, ...]:
    """The next sector of each: the first 109 parts of the table are named in the head, the others in a chain."""
    parts = [*_read_numbers(data[76:512])]
    number, seen = int.from_bytes(data[68:72], "little"), 0
    while number < len(data) // size and (seen := seen + 1) <= len(data) // size:
        *more, number = _read_numbers(_read_sector(data, size, number)) or (len(data),)
        parts += more
    if seen > len(data) // size:
        raise ValueError("sectors without end")
    return _read_numbers(b"".join(_read_sector(data, size, part) for part in parts if part < len(data) // size))


def _follow(table: tuple[int, ...], start: int) -> list[int]:
    chain = []
    while start < len(table):
        chain.append(start)
        if len(chain) > len(table):
            raise ValueError("sectors without end")
        start = table[start]
    return chain


_XLS_CELLS = {0x06, 0x201, 0x203, 0x204, 0x205, 0x207, 0x27E, 0xBD, 0xBE, 0xD6, 0xFD}
_XLS_BEGIN, _XLS_EXTENT = 0x809, 0x200


def _check_records(text: bytes) -> None:
    rows = columns = place = 0
    while place + 8 <= len(text):
        kind, size, row, column = struct.unpack_from("<HHHH", text, place)
        if kind == _XLS_BEGIN:
            rows = columns = 0
        elif kind == _XLS_EXTENT and size in (10, 14) and place + 4 + size <= len(text):
            # readers reserve for what it says; nobody reads an extent that ends before it begins
            first, last, left, right = struct.unpack_from("<IIHH" if size == 14 else "<HHHH", text, place + 4)
            if last and right and (first > last or left > right):
                raise ValueError("broken extent")
            check_area(max(last - first, 0), max(right - left, 0))
        elif kind in _XLS_CELLS and size >= 6:
            last = int.from_bytes(text[place + 2 + size : place + 4 + size], "little") if kind in (0xBD, 0xBE) else column
            rows, columns = max(rows, row + 1), max(columns, column + 1, last + 1)
            check_area(rows, columns)
        place += 4 + size
