"""What can stop a run, and how to say it without personal data."""

from __future__ import annotations

import errno
import functools
import os
import secrets
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import ParamSpec, TypeVar

from transforms.engine import ClusterFault
from transforms.vault import NotOpened

P = ParamSpec("P")
R = TypeVar("R")


class Refused(Exception):
    """The inbox cannot be reported; the text says in Chinese what is missing or wrong and what to do (exit 3).

    It may quote file names, so it goes to stderr and `out/<period>/`, never to a server.
    """


class HomeBusy(Exception):
    """Another run holds the home (exit 4)."""


class WrongUse(Exception):
    """The command cannot be carried out as asked (exit 2)."""


class WrongSetting(WrongUse):
    """`settings.yaml` cannot be used; the text names the setting and what it may be, and nobody."""


class WrongFolders(WrongUse):
    """A municipality's folders are not as they should be; the text names folders, and nobody."""


class PublicError(Exception):
    """A fault said without personal data: safe for a server's database and screens."""


class PublicFileError(PublicError):
    """The same for a file or disk that did not answer: worth another try."""


class PublicRefusal(PublicError):
    """The inbox cannot be reported; why stands in the home, not here."""


NO_DATABASE = ("请关闭占用 baoxue.duckdb 的程序再试；已损坏或丢失的，从备份取回它，备份没有的，把它移走后运行 baoxue backfill，"
               "由收件重新编制（收件已按年限删除的各期补不出来）")  # fmt: skip
NO_RIGHT = "没有读写的权限，请把工作文件夹交给运行本程序的账户，并关闭占用其中文件的程序"
MACHINE_FAULTS = {
    errno.ENOSPC: "磁盘已满，请腾出空间后再运行",
    errno.EROFS: "磁盘只读，请检查磁盘后再运行",
    errno.EIO: "磁盘读写出错，请检查磁盘，必要时换盘并从备份恢复",
    errno.EMFILE: "打开的文件过多，请重启后再运行",
    errno.EACCES: NO_RIGHT,
    errno.EPERM: NO_RIGHT,
    errno.EFBIG: "文件超过系统允许的大小，请查看磁盘格式和账户的限额",
    errno.ENOMEM: "内存不足，请关闭其他程序后再运行",
}


def explain_machine(error: BaseException) -> str | None:
    """Say in Chinese what the machine lacks when that is the cause; libraries below Python tell it in their text only."""
    if isinstance(error, NotOpened | ClusterFault):
        return str(error)
    if isinstance(error, MemoryError):
        return MACHINE_FAULTS[errno.ENOMEM]
    number = getattr(error, "errno", None)
    if number not in MACHINE_FAULTS:
        text = str(error)
        number = next((n for n in MACHINE_FAULTS if os.strerror(n) in text), None)
    return MACHINE_FAULTS.get(number) if number is not None else None


def write_private_log(folder: Path, error: BaseException) -> str:
    """Write a fault with its traceback under `private/log` and return its reference number."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    reference = f"{datetime.now():%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
    text = "".join(traceback.format_exception(error))
    (folder / f"{reference}.txt").write_text(text, encoding="utf-8")
    return reference


def keep_private(function: Callable[P, R], folder: Path) -> Callable[P, R]:
    """Wrap a step so that only a PublicError leaves it; the real fault goes to the private log.

    The new error is raised after the except block: otherwise its `__context__` would carry the old text along.
    """

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except PublicError:
            raise
        except Exception as error:
            kind = _choose_kind(error)
            step = getattr(function, "__name__", type(function).__name__)  # a partial has none
            message = _say_publicly(error, step, folder)
        raise kind(message)

    return guarded


def _choose_kind(error: Exception) -> type[PublicError]:
    if isinstance(error, Refused):
        return PublicRefusal
    return PublicFileError if isinstance(error, OSError) else PublicError


def _say_publicly(error: Exception, step: str, folder: Path) -> str:
    if isinstance(error, HomeBusy):
        return "另一次运行正在进行，本次未执行"
    if isinstance(error, Refused):
        return "报送材料未通过检查，本期未出报；原因见 out 文件夹中的“未能出报说明.txt”"
    if isinstance(error, WrongSetting | WrongFolders):
        return f"{error}。改好后再运行；已发布的内容没有改动"
    if (cause := explain_machine(error)) is not None:
        return f"{cause}。已发布的内容没有改动"
    return f"步骤 {step} 出现意外错误（{type(error).__name__}），详情见 private/log，编号 {write_private_log(folder, error)}"
