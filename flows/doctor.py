"""Is this installation fit to report? Each finding says what it is, when it matters and how to mend it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from flows.faults import NO_DATABASE, PublicError, WrongUse
from flows.lake import find_lake_damage, say_damage
from flows.manifest import list_published
from flows.options import read_options
from flows.purge import read_purged
from flows.settings import Home, list_open, read_code_version, read_key
from flows.vault import list_plain, locate_key, open_to_read, read_vault
from transforms.vault import NotOpened, read_frame

PACKAGES = ("polars", "duckdb", "duckdb-extension-httpfs", "pandera", "fastexcel", "prefect", "python-docx", "typst", "xlsxwriter",
            "pyrage", "splink", "marimo")  # fmt: skip
NEEDED_GB = 5


@dataclass(frozen=True)
class Finding:
    """One thing examined. `mend` says what to do when it is not in order; advice alone fails nothing."""

    what: str
    state: str
    is_good: bool
    mend: str = ""
    is_advice: bool = False

    @property
    def word(self) -> str:
        """How it stands."""
        return "正常" if self.is_good else "提醒" if self.is_advice else "不妥"


def examine(home: Home, say: Callable[[str], None]) -> bool:
    """Print every finding; return whether all is in order."""
    findings = [*look_at_program(), *look_at_home(home), look_at_fonts(home)]
    for finding in findings:
        say(f"{finding.word}  {finding.what}：{finding.state}")
        if not finding.is_good:
            say(f"      办法：{finding.mend}")
    bad, advice = (sum(finding.word == word for finding in findings) for word in ("不妥", "提醒"))
    told = [f"{count}项{word}" for count, word in ((bad, "不妥"), (advice, "提醒")) if count]
    say(f"共查{len(findings)}项，" + (f"{'、'.join(told)}，其余正常" if told else "全部正常"))
    return not bad


def look_at_program() -> Iterator[Finding]:
    """Examine Python and the packages."""
    wanted = (3, 11) <= sys.version_info[:2] < (3, 13)
    yield Finding("Python", sys.version.split()[0], wanted, "请安装 Python 3.11 或 3.12")
    yield Finding("程序版本", read_code_version(), True)
    for package in PACKAGES:
        try:
            yield Finding(package, version(package), True)
        except PackageNotFoundError:
            yield Finding(package, "未安装", False, "请在程序文件夹重新执行 make install")


def look_at_home(home: Home) -> Iterator[Finding]:
    """Examine the home folder: can it be written, who can read it, key, disk, analysts' file."""
    exists = home.root.is_dir()
    yield Finding("工作文件夹", str(home.root), exists,
                  "请核对 --home；新的请建好 inbox/2025-B3 一类的文件夹并放入报送文件，或先用 baoxue sample 试一试")  # fmt: skip
    if not exists:
        return
    yield Finding("可以写入", "是" if os.access(home.root, os.W_OK) else "否", os.access(home.root, os.W_OK),
                  "请把该文件夹交给运行本程序的账户")  # fmt: skip
    yield from _look_at_permissions(home)
    yield _look_at_options(home)
    yield _look_at_disk(home)
    yield _look_at_vault(home)
    free = shutil.disk_usage(home.root).free / 1e9
    yield Finding("磁盘余量", f"{free:.0f} GB", free >= NEEDED_GB, f"请腾出至少 {NEEDED_GB} GB")
    has_database = home.database.exists()
    yield _look_at_key(home)
    if not has_database and home.named.exists():
        yield Finding("分析文件", "缺失", False, NO_DATABASE)
    if has_database:
        yield _look_at_database(home)
    if home.named.exists():
        yield _look_at_names(home)
    yield _look_at_lake(home)
    yield _look_at_papers(home)


def _look_at_key(home: Home) -> Finding:
    """Whether the pseudonym key is there and whole; that it is one at all shows only when it is opened."""
    if not home.pseudonym_key.exists() and not home.database.exists() and not home.named.exists():
        return Finding("假名密钥", "首次出报时生成", True)
    try:
        with open_to_read(home):
            read_key(home)
    except WrongUse as error:
        return Finding("假名密钥", "设置有误，查不出", False, str(error))
    except (PublicError, NotOpened) as error:
        return Finding("假名密钥", "缺失" if not home.pseudonym_key.exists() else "打不开", False, str(error))
    return Finding("假名密钥", "有", True)


def _look_at_lake(home: Home) -> Finding:
    """Whether every published period's data are as they were written."""
    try:
        published = list_published(home)
        damaged = [(m, path) for m in published if (path := find_lake_damage(home, m)) is not None]
    except PublicError as error:
        return Finding("数据湖", str(error), False, "请用 baoxue restore 从备份取回")
    if damaged:
        manifest, path = damaged[0]
        return Finding("数据湖", f"{len(damaged)}期有损坏", False, say_damage(home, manifest, path))
    return Finding("数据湖", f"完好，{len(published)}期" if published else "还没有发布", True)


def _look_at_papers(home: Home) -> Finding:
    """Whether the papers of each period's newest version stand where they were put, but for what was purged."""
    try:
        gone = read_purged(home)["收件和文稿"]
        published = [m for m in list_published(home) if str(m.period) not in gone]
    except PublicError as error:
        return Finding("文稿", "查不出", False, str(error))
    lost = {
        m: count for m in published if (count := sum(not (home.papers(str(m.period), m.version) / name).is_file() for name, _ in m.papers))
    }
    if not lost:
        return Finding("文稿", f"齐全，{sum(len(m.papers) for m in published)}份", True)
    first = next(iter(lost))
    where = home.papers(str(first.period), first.version)
    return Finding("文稿", f"{len(lost)}期缺失，如{first.period.label}第{first.version}版缺{lost[first]}份", False, f"请从备份取回 {where}")


def _look_at_permissions(home: Home) -> Iterator[Finding]:
    if os.name != "posix":
        yield Finding("权限", "非 POSIX 系统，本程序不设权限", True)
        return
    wide = list_open(home)
    for folder in (home.inbox, home.lake, home.private, home.out):
        if folder.exists():
            yield Finding(f"{folder.name} 权限", "他人可读" if folder in wide else "仅本账户", folder not in wide,
                          f"内有个人信息，请执行 chmod 700 {folder}")  # fmt: skip
    inside = [path for path in wide if home.private in path.parents]
    names = "、".join(path.relative_to(home.root).as_posix() for path in inside[:3]) + ("等" if inside[3:] else "")
    state = f"{len(inside)}个文件或文件夹他人可读：{names}" if inside else "仅本账户"
    yield Finding("private 内文件权限", state, not inside, f"请执行 chmod -R go= {home.private}")


def _look_at_options(home: Home) -> Finding:
    """Whether the office's settings can be read."""
    try:
        read_options(home)
    except WrongUse as error:
        return Finding("设置", str(error), False, "请照上面的说明改 settings.yaml")
    return Finding("设置", "settings.yaml" if home.options.exists() else "默认（没有 settings.yaml）", True)


def _look_at_disk(home: Home) -> Finding:
    """Whether the home lies on an encrypted disk, as far as this system tells."""
    state = {True: "已加密", False: "未加密", None: "本系统查不出"}[is_encrypted(home.root)]
    mend = "内有未成年人个人信息：请把工作文件夹放在加密的磁盘上（Linux 用 LUKS，Windows 用 BitLocker），见操作手册"
    return Finding("磁盘加密", state, state != "未加密", mend, is_advice=True)


def _look_at_vault(home: Home) -> Finding:
    """Whether encrypted storage is on, where its key is, whether the key opens the lake, and what is still plain."""
    try:
        vault = read_vault(home)
    except WrongUse:
        return Finding("加密存储", "设置有误，查不出", False, "请照上面的说明改 settings.yaml")
    except PublicError as error:
        return Finding("加密存储", str(error), False, "密钥在手时照上面办；没有密钥，加密的数据谁也打不开，只能从备份取回")
    if vault is None:
        mend = "磁盘没有整盘加密的，请在 settings.yaml 启用，密钥放到另一块盘，见操作手册“个人信息”"
        return Finding("加密存储", "未启用", is_encrypted(home.root) is not False, mend, is_advice=True)
    key, plain = locate_key(home), len(list_plain(home))
    if vault.key is None and not key.parent.is_dir():
        return Finding("加密存储", f"已启用，但放密钥的文件夹 {key.parent} 不在", False,
                       "请插上放密钥的磁盘或U盘，或改 settings.yaml 的“加密存储·密钥文件”")  # fmt: skip
    if vault.key is None:
        return Finding("加密存储", f"已启用，下一次运行时生成密钥 {key}，并加密原有的{plain}个文件", True)
    state = f"密钥 {key} 打得开数据湖，" + (f"还有{plain}个明文文件" if plain else "没有明文文件")
    if not vault.encrypts:
        return Finding("加密存储", f"已停用，{state}；以前加密的文件照读", True)
    mend = "密钥和数据在同一处，拿走磁盘的人也拿走了密钥：请把它移到另一块盘或U盘，在 settings.yaml 写明“加密存储·密钥文件”"
    away = not key.resolve().is_relative_to(home.root)
    return Finding("加密存储", f"已启用，{state}" + ("，下一次运行时加密" if plain else ""), away, mend, is_advice=True)


def is_encrypted(path: Path, mounts: Path = Path("/proc/self/mountinfo"), blocks: Path = Path("/sys/dev/block")) -> bool | None:
    """Whether a path lies on a dm-crypt device, perhaps below others; None where Linux cannot be asked."""
    if not mounts.exists():
        return None
    lines = [line.split() for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    inside = [(len(words[4]), words[2]) for words in lines if path.resolve().is_relative_to(words[4])]
    device = blocks / max(inside)[1] if inside else None
    return _is_crypt(device) if device is not None and device.exists() else None


def _is_crypt(device: Path) -> bool:
    uuid = device / "dm" / "uuid"
    if uuid.exists() and uuid.read_text(encoding="ascii", errors="replace").startswith("CRYPT-"):
        return True
    below = device / "slaves"
    return below.is_dir() and any(_is_crypt(each) for each in below.iterdir())


def _look_at_database(home: Home) -> Finding:
    import duckdb

    from transforms.published.export import run_query

    try:
        rows = run_query(home.database, "select count(*) from meta.run").rows
        return Finding("分析文件", f"可读，{rows[0][0]}次发布", True)
    except duckdb.Error as error:
        return Finding("分析文件", f"打不开（{type(error).__name__}）", False, NO_DATABASE)


def _look_at_names(home: Home) -> Finding:
    import polars as pl

    try:
        with open_to_read(home):
            return Finding("姓名对照表", f"可读，{read_frame(home.named).height}人", True)
    except (PublicError, WrongUse):
        return Finding("姓名对照表", "加密的，打不开", False, "先照“加密存储”一项办；在此之前不能带姓名导出，也不能出报")
    except (pl.exceptions.PolarsError, OSError, NotOpened) as error:
        return Finding("姓名对照表", f"打不开（{type(error).__name__}）", False,
                       f"请从备份取回 {home.named}；在此之前不能带姓名导出，也不能出报")  # fmt: skip


def look_at_fonts(home: Home) -> Finding:
    """Examine the Chinese fonts that papers need: the home's `fonts` folder, the system's, else the program's own."""
    from transforms.documents.fonts import resolve_fonts

    return Finding("字体", "；".join(resolve_fonts((home.fonts,)).describe()), True)
