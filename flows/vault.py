"""Encrypted storage of a home: where its key is, whether it opens the lake, and what from before is still plain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from flows.durable import sync_files, sync_folder
from flows.faults import PublicError
from flows.manifest import write_atomically
from flows.options import read_options
from flows.settings import Home, check_key, create_private, find_key_file, read_key
from transforms import vault
from transforms.sums import SEAL, allow, find_damage
from transforms.vault import Vault

Say = Callable[[str], None]

KEY_LINE = "# baoxue 加密存储的密钥。没有它，数据湖打不开；有了它，谁都能打开。请另存一份锁好，不要和数据放在一起。\n"


@contextmanager
def open_vault(home: Home, say: Say = lambda _: None) -> Iterator[None]:
    """Read and write the home's data as its setting says, for the block; the caller holds the home.

    The block's work files are encrypted under a key of their own, whatever the setting. Makes the home's key at first
    use, and encrypts what was written before. Raises PublicError when the key is missing or is another home's: nothing
    is built then.
    """
    check_key(home)
    opened = read_vault(home)
    if opened and opened.key is None:
        _make_key(home)
        say(f"已启用加密存储，密钥在 {locate_key(home)}。请另存一份锁好：没有它，数据打不开")
        opened = read_vault(home)
    with vault.use(replace(opened or Vault(), work_key=vault.make_work_key())):
        if opened and opened.encrypts:
            read_key(home)  # the first thing encrypted: from then on it tells that a key is needed, and which
            if count := sum(_encrypt_in(folder, list(paths)) for folder, paths in groupby(list_plain(home), lambda p: p.parent)):
                say(f"已把以前的{count}个数据文件加密")
        yield


@contextmanager
def open_to_read(home: Home) -> Iterator[None]:
    """Read the home's data for the block, encrypted or not. Raises PublicError when the key is missing or wrong."""
    with vault.use(read_vault(home) or Vault()):
        yield


def locate_key(home: Home) -> Path:
    """Return where the key is or will be: BAOXUE_KEY_FILE, else the home's setting, else the home itself."""
    told = read_options(home)["加密存储", "密钥文件"]
    return find_key_file() or (home.root / Path(told).expanduser() if told else home.lake_key)


def is_in_use(home: Home) -> bool:
    """Whether anything is encrypted: the pseudonym key is so from the first."""
    return home.pseudonym_key.is_file() and vault.is_encrypted(home.pseudonym_key)


def read_vault(home: Home) -> Vault | None:
    """Return how the home's files are read and written; None where encrypted storage never was in use.

    A vault without a key: the setting is on, and the key is yet to be made. Raises PublicError when there should be a
    key and it is missing, is no key, or does not open the lake; WrongUse on a wrong setting.
    """
    wanted, path = read_options(home)["加密存储", "启用"] == "是", locate_key(home)
    if not wanted and not is_in_use(home):
        return None
    if path.is_dir():
        raise PublicError(f"放密钥的 {path} 是文件夹：请在“加密存储·密钥文件”写到文件名，如 {path / 'baoxue.key'}")
    if not path.is_file():
        if is_in_use(home):
            raise PublicError(f"数据已加密，但没有密钥文件 {path}。请插上放密钥的磁盘或U盘，或在 settings.yaml 的“加密存储·密钥文件”"
                              "（或环境变量 BAOXUE_KEY_FILE）写明它在哪里，再重试；密钥丢了的，用另存的一份放回")  # fmt: skip
        return Vault(None, wanted)
    found = Vault(_parse_key(path), wanted)
    with vault.use(found):
        _check_key(home, path)
    return found


def _parse_key(path: Path) -> bytes:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    try:
        key = bytes.fromhex(next(line for line in lines if line and not line.startswith("#")))
    except (StopIteration, ValueError):
        key = b""
    if len(key) != vault.KEY_BYTES:
        raise PublicError(f"{path} 不是加密存储的密钥：其中应有一行{vault.KEY_BYTES * 2}位的密钥。请放回另存的一份")
    return key


def _check_key(home: Home, path: Path) -> None:
    try:
        if is_in_use(home):
            vault.read_bytes(home.pseudonym_key)
    except vault.NotOpened as error:
        raise PublicError(f"密钥文件 {path} 打不开本工作文件夹的数据：它是别处的密钥。请换上本工作文件夹的那一份，再重试") from error


def _make_key(home: Home) -> None:
    path = locate_key(home)
    if not path.parent.is_dir():
        raise PublicError(f"放密钥的文件夹 {path.parent} 不在。请插上放密钥的磁盘或U盘，或改 settings.yaml 的“加密存储·密钥文件”，再重试")
    create_private(path, f"{KEY_LINE}{vault.make_key().hex()}\n".encode())
    sync_folder(path.parent)


def list_plain(home: Home) -> list[Path]:
    """List the files that encrypted storage covers and that are not encrypted, the pseudonym key first."""
    below = (path for part in ("extracts", "validated", "cases", "notices") for path in (home.lake / part).rglob("*"))
    covered = [path for path in below if path.suffix == ".parquet" or path.name == "sheets.json"]
    ours = (home.pseudonym_key, home.named, *sorted(covered))
    return [path for path in ours if path.is_file() and not vault.is_encrypted(path)]


def _encrypt_in(folder: Path, plain: list[Path]) -> int:
    """Encrypt the plain files of a folder; return how many. Killed anywhere, each file is whole, one way or the other.

    A damaged folder stays as it is: a rerun writes it anew.
    """
    is_sealed = (folder / SEAL).exists()
    if is_sealed and find_damage(folder) is not None:
        return 0
    made = {path: vault.encrypt(path.read_bytes()) for path in plain}
    if is_sealed:
        write_atomically(folder / SEAL, allow(folder, {path.name: data for path, data in made.items()}))
    for path, data in made.items():
        staged = path.with_name(f".{path.name}.tmp")
        staged.write_bytes(data)
        sync_files([staged])
        staged.replace(path)
    sync_folder(folder)
    return len(made)
