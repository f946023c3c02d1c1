"""Which font serves each role of GB/T 9704: the home's fonts, the system's, else the pinned wheel's Noto SC.

The bytes of a PDF depend on the fonts, so every choice carries the file's hash for the manifest and `doctor`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst

# Families that may serve a role, best first. The first line of each names the standard's own font.
CANDIDATES: dict[str, tuple[str, ...]] = {
    "仿宋": ("FangSong_GB2312", "FangSong", "STFangsong", "FandolFang R", "FandolFang"),
    "楷体": ("KaiTi_GB2312", "KaiTi", "STKaiti", "FandolKai"),
    "黑体": ("SimHei", "STHeiti", "FandolHei"),
    "宋体": ("SimSun", "STSong", "FandolSong"),
    "小标宋": ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"),
    "西文": ("Times New Roman", "Liberation Serif", "TeX Gyre Termes"),
}
WHEEL_FAMILY = {"黑体": "Noto Sans SC"}  # every other role falls back to Noto Serif SC
SERIF = "Noto Serif SC"
WHEEL = Path(pylopdf_fonts_zh_cn.__file__).parent


@dataclass(frozen=True)
class FontChoice:
    """One role and the font file that serves it. `source`: 附加字体 | 系统字体 | 随程序安装."""

    role: str
    family: str
    source: str
    path: Path
    sha256: str

    @property
    def is_stand_in(self) -> bool:
        """True when the standard's own font was not found and the wheel's serves."""
        return self.source == "随程序安装"


@dataclass(frozen=True)
class FontSet:
    """The six roles' fonts and the fallback for rare characters of names."""

    choices: tuple[FontChoice, ...]
    fallback: FontChoice

    def family(self, role: str) -> str:
        """Return the family that serves a role. Raises KeyError for an unknown role."""
        return {choice.role: choice.family for choice in self.choices}[role]

    def is_stand_in(self, role: str) -> bool:
        """True when the wheel's Noto serves this role."""
        return {choice.role: choice.is_stand_in for choice in self.choices}[role]

    def files(self) -> list[Path]:
        """Return the font files in use, once each, sorted."""
        return sorted({choice.path for choice in (*self.choices, self.fallback)})

    def hashes(self) -> dict[str, str]:
        """Return role → "family sha256" for the manifest; no path, which differs between machines."""
        return {choice.role: f"{choice.family} {choice.sha256[:16]}" for choice in self.choices}

    def describe(self) -> list[str]:
        """Say in Chinese which font serves each role, for `doctor`."""
        lines = [f"{c.role}：{c.family}（{c.source}）" for c in self.choices]
        if any(c.is_stand_in for c in self.choices if c.role != "西文"):
            lines.append(
                "有字体由思源字体代替；把仿宋、楷体、黑体、小标宋字体文件放进数据目录的 fonts 文件夹即可换用"
            )
        return lines


def resolve_fonts(extra: tuple[Path, ...] = (), system: bool = True) -> FontSet:
    """Choose a font for each role: `extra` folders first, then the system's, then the wheel's."""
    found: dict[str, tuple[str, Path]] = {}
    folders = [str(folder) for folder in extra if folder.is_dir()]
    for source, listing in (
        ("附加字体", _list_fonts(folders, system=False)),
        ("系统字体", _list_fonts([], system=True) if system else []),
        ("随程序安装", _list_fonts([str(WHEEL)], system=False)),
    ):
        for family, path in listing:
            found.setdefault(family, (source, path))
    choices = tuple(_choose(role, names, found) for role, names in CANDIDATES.items())
    return FontSet(choices, _choose("后备", (), found))


def _list_fonts(folders: list[str], system: bool) -> list[tuple[str, Path]]:
    if not folders and not system:
        return []
    fonts = typst.Fonts(include_system_fonts=system, include_embedded_fonts=False, font_paths=folders)
    regular = [f for f in fonts.fonts() if f.path and f.style == "normal" and f.weight == 400]
    return sorted({(f.family, Path(str(f.path))) for f in regular}, key=lambda pair: (pair[0], str(pair[1])))


def _choose(role: str, names: Iterable[str], found: dict[str, tuple[str, Path]]) -> FontChoice:
    wheel = WHEEL_FAMILY.get(role, SERIF)
    family = next((name for name in names if name in found), wheel)
    source, path = found[family]
    return FontChoice(role, family, source, path, _hash_file(path))


@cache
def _hash_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
