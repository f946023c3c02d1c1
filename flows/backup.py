"""`baoxue backup` and `baoxue restore`: the whole home as one age file, verified after writing.

The file is a tar stream encrypted to the home's own recovery key (age, X25519), so any age tool opens it too. Making
a backup needs nobody to type anything; opening one needs the recovery key, which the office keeps elsewhere as well.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO

import pyrage

from flows.faults import PublicError, WrongUse, explain_machine
from flows.lock import hold_home
from flows.manifest import list_published
from flows.settings import Home, create_private, prepare_home
from flows.stage import clean_leftovers
from flows.vault import is_in_use, locate_key
from transforms.extracts.land import walk_files

Say = Callable[[str], None]
Index = dict[str, str]  # path below the home → SHA-256

INDEX = "目录.json"  # first member of the stream
CHUNK = 1 << 20
# What a home is made of; the default home ./data also holds the program's own reference data, which stays out.
PARTS = ("baoxue.duckdb", "settings.yaml", "fonts", "templates", "inbox", "out", "private", "lake")
PASSED_OVER = ("private/prefect/", "lake/work/")  # rebuilt by the next serve and the next run
KEY_LINES = "# baoxue 备份的恢复密钥。没有它，备份打不开；有了它，备份谁都能打开。请另存一份锁好，不要和备份放在一起。\n"


def back_up(home: Home, target: Path, say: Say) -> None:
    """Write the home to `target`, read it back, and only then put it in place of an older file there.

    Raises WrongUse when the target cannot be, PublicError when what was written does not read back the same.
    """
    if target.is_dir() or not target.parent.is_dir() or target.resolve().is_relative_to(home.root):
        raise WrongUse(f"备份不能写到 {target}：请给出工作文件夹以外、已有文件夹中的文件名")
    if target.exists() and not target.is_file():
        raise WrongUse(f"{target} 是设备，不是文件：备份写成文件，请先挂上那块盘，再写明盘上的文件名，如 /media/备份盘/baoxue.age")
    is_new = not home.backup_key.exists()
    staged = target.with_name(f".{target.name}.tmp")
    with hold_home(home):
        clean_leftovers(home, list_published(home))
        identity = read_recovery_key(home)
        index = hash_home(home)
        say(f"正在备份{len(index)}个文件")
        try:
            _write(home, index, staged, identity)
            say("正在核对备份")
            if _check(staged, identity) != index:
                raise PublicError("写出的备份核对不符，未保留；请检查磁盘后重试")
            staged.replace(target)
        finally:
            staged.unlink(missing_ok=True)
    say(f"已备份到 {target}，{len(index)}个文件，已逐一核对")
    if target.stat().st_dev == home.root.stat().st_dev:
        say("提醒：备份和工作文件夹在同一块盘上，盘坏了两样都没有。本该在另一块盘的，看那块盘是否没有挂上")
    if is_in_use(home) and not locate_key(home).resolve().is_relative_to(home.private):
        say(f"加密存储的密钥 {locate_key(home)} 不在工作文件夹里，没有进备份。请另存一份锁好：没有它，恢复出来的数据打不开")
    if is_new:
        say(f"恢复密钥在 {home.backup_key}。请另存一份锁好：换机器恢复时没有它打不开备份")


def restore(home: Home, source: Path, key: Path | None, say: Say) -> None:
    """Set up an empty home from a backup. Everything is verified before the home appears.

    Raises WrongUse when the home is in use or the key is missing, PublicError when the backup does not open or verify.
    """
    if _list_files(home):
        raise WrongUse(f"{home.root} 中已有材料，不能恢复到这里；请用 --home 指到一个新的文件夹")
    identity = _parse_key(key or source.with_name(source.name + ".key"))
    staged = home.root.with_name(f".{home.root.name}.restoring")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    staged.chmod(0o700)
    try:
        say("正在解开并核对备份")
        count = len(_check(source, identity, staged))
        _settle(staged, home)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    say(f"已恢复到 {home.root}，{count}个文件，已逐一核对。请运行 baoxue doctor 和 baoxue status 看一看")


def _settle(staged: Path, home: Home) -> None:
    for folder in (path for path in staged.rglob("*") if path.is_dir()):
        folder.chmod(0o700)
    if (database := staged / home.database.name).exists():
        database.chmod(0o644)  # for readers; all else is the owner's
    prepare_home(home)
    for part in PARTS:  # the lake last: without its manifests nothing counts as published
        if (piece := staged / part).exists():
            shutil.rmtree(home.root / part, ignore_errors=True)
            piece.replace(home.root / part)


def read_recovery_key(home: Home) -> pyrage.x25519.Identity:
    """Return the home's recovery key, made on first use."""
    if not home.backup_key.exists():
        create_private(home.backup_key, f"{KEY_LINES}{pyrage.x25519.Identity.generate()}\n".encode())
    return _parse_key(home.backup_key)


def _parse_key(path: Path) -> pyrage.x25519.Identity:
    if not path.is_file():
        raise WrongUse(f"没有恢复密钥 {path}：请用 --key 指出备份时另存的 backup.key")
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    try:
        return pyrage.x25519.Identity.from_str(next(line for line in lines if line.startswith("AGE-SECRET-KEY")))
    except (StopIteration, pyrage.IdentityError) as error:
        raise WrongUse(f"{path} 不是恢复密钥：其中应有以 AGE-SECRET-KEY 开头的一行") from error


def hash_home(home: Home) -> Index:
    """Hash every file worth keeping, by path."""
    return {name: _hash(home.root / name) for name in _list_files(home)}


def _list_files(home: Home) -> list[str]:
    files = [path for part in PARTS if (path := home.root / part).is_file()]
    below = (path for part in PARTS if (folder := home.root / part).is_dir() for path in walk_files(folder))
    names = sorted(path.relative_to(home.root).as_posix() for path in (*files, *below))
    return [name for name in names if not name.startswith(PASSED_OVER)]


def _hash(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _write(home: Home, index: Index, target: Path, identity: pyrage.x25519.Identity) -> None:
    def write_tar(sink: IO[bytes]) -> None:
        with tarfile.open(fileobj=sink, mode="w|", dereference=True) as tar:
            listing = json.dumps(index, ensure_ascii=False).encode()
            head = tarfile.TarInfo(INDEX)
            head.size = len(listing)
            tar.addfile(head, BytesIO(listing))
            for name in index:
                tar.add(home.root / name, name, recursive=False)

    with target.open("wb") as sink, _flow(write_tar) as stream:
        pyrage.encrypt_io(stream, sink, [identity.to_public()])
        sink.flush()
        os.fsync(sink.fileno())


def _check(source: Path, identity: pyrage.x25519.Identity, into: Path | None = None) -> Index:
    """Read a backup through, hash each member and hold it against the backup's own index; return that index.

    With `into`, every member is also written there. Raises PublicError when it does not open or does not agree.
    """
    try:
        with (
            source.open("rb") as sealed,
            _flow(lambda sink: pyrage.decrypt_io(sealed, sink, [identity])) as stream,
            tarfile.open(fileobj=stream, mode="r|") as tar,
        ):
            index, found = _read_members(tar, into)
    except (pyrage.DecryptError, tarfile.TarError, OSError, ValueError) as error:
        raise PublicError(f"{source.name} 打不开：密钥不对，或文件已损坏、不是本程序的备份") from error
    if index != found:
        raise PublicError(f"{source.name} 的内容与其目录不符，可能已损坏")
    return found


def _read_members(tar: tarfile.TarFile, into: Path | None) -> tuple[Index, Index]:
    index: Index | None = None
    found: Index = {}
    for member in tar:
        body = tar.extractfile(member)
        if body is None:
            raise ValueError("not a file")
        if index is None:
            index = json.loads(body.read())
        elif member.name not in index:  # an index names what may be written, and nothing else
            raise ValueError("not in the index")
        else:
            found[member.name] = _copy(body, into and _place(into, member.name))
    return index or {}, found


def _place(root: Path, name: str) -> Path:
    path = root / name
    if not path.resolve().is_relative_to(root.resolve()):
        raise ValueError("outside the home")
    return path


def _copy(body: IO[bytes], path: Path | None) -> str:
    """Copy a member and return its hash. Raises PublicError where it cannot be written: that says nothing of the backup."""
    try:
        return _write_member(body, path)
    except tarfile.TarError:
        raise
    except OSError as error:
        cause = explain_machine(error) or f"写入出错（{error.strerror or type(error).__name__}）"
        raise PublicError(f"恢复的文件写不下：{cause}。备份没有问题，没有恢复任何内容") from error


def _write_member(body: IO[bytes], path: Path | None) -> str:
    digest = hashlib.sha256()
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    with (path or Path(os.devnull)).open("wb") as sink:
        while block := body.read(CHUNK):
            digest.update(block)
            sink.write(block)
    if path is not None:
        path.chmod(0o600)
    return digest.hexdigest()


@contextmanager
def _flow(write: Callable[[IO[bytes]], None]) -> Iterator[IO[bytes]]:
    """Run `write` in a thread and hand what it writes to the block as a stream; its fault is raised at the end."""
    faults: list[BaseException] = []
    source, sink = (os.fdopen(number, mode) for number, mode in zip(os.pipe(), ("rb", "wb"), strict=True))

    def run() -> None:
        try:
            with sink:
                write(sink)
        except BrokenPipeError:
            pass  # the reader has given up and says why
        except BaseException as error:
            faults.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        with source:
            yield source
            while source.read(CHUNK):
                pass
    finally:
        thread.join()
    if faults:
        raise faults[0]
