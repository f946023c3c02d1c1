"""Where a run works and what code it runs: read once at the edge, then handed on as frozen values."""

from __future__ import annotations

import getpass
import hashlib
import os
import secrets
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from flows.faults import PublicError, WrongUse

PROJECT = Path(__file__).resolve().parent.parent
KEY_BYTES = 32
KEY_BACK = "请从备份取回 private/key.bin 再运行：换一个密钥，以前的假名和案件就都对不上了。备份里也没有的，请另建工作文件夹，由收件重新出各期"
DISTRICTS = "区县"  # where a municipality's pages keep its districts' papers
OWNER_ONLY = 0o077  # umask: everything but the analysts' file holds personal data


@dataclass(frozen=True)
class Home:
    """The home folder (contract §2): every path a run reads or writes."""

    root: Path

    @property
    def inbox(self) -> Path:
        """Files as received, a folder a period."""
        return self.root / "inbox"

    @property
    def districts(self) -> Path:
        """The districts of a municipality's home, each a home of its own; a district's home has none."""
        return self.root / "districts"

    @property
    def is_city(self) -> bool:
        """Whether this is a municipality's home."""
        return self.districts.is_dir()

    @property
    def lake(self) -> Path:
        """Landed and validated Parquet, manifests, case openings."""
        return self.root / "lake"

    @property
    def private(self) -> Path:
        """Keys, named tables, access log, fault log."""
        return self.root / "private"

    @property
    def out(self) -> Path:
        """Papers, a folder a period and version."""
        return self.root / "out"

    @property
    def work(self) -> Path:
        """Work files of the run in hand; what a killed run left here is removed by the next."""
        return self.lake / "work"

    @property
    def database(self) -> Path:
        """The analysts' file."""
        return self.root / "baoxue.duckdb"

    @property
    def named(self) -> Path:
        """child_key → name and id, for the holder of the home's key."""
        return self.private / "named.parquet"

    @property
    def backup_key(self) -> Path:
        """The recovery key that opens this home's backups."""
        return self.private / "backup.key"

    @property
    def lake_key(self) -> Path:
        """The key of encrypted storage, unless the office keeps it elsewhere."""
        return self.private / "lake.key"

    @property
    def pseudonym_key(self) -> Path:
        """The key that makes child_key."""
        return self.private / "key.bin"

    @property
    def passwords(self) -> Path:
        """The passwords of the recipients' workbooks, if the office has asked for any."""
        return self.private / "passwords.csv"

    @property
    def lock(self) -> Path:
        """Held by the one run that may write."""
        return self.root / ".lock"

    @property
    def fonts(self) -> Path:
        """The office's own font files, if it has put any here."""
        return self.root / "fonts"

    @property
    def options(self) -> Path:
        """The office's own settings."""
        return self.root / "settings.yaml"

    @property
    def purged(self) -> Path:
        """The record of what was removed for age."""
        return self.lake / "purged.json"

    @property
    def templates(self) -> Path:
        """The office's own words: templates that stand in place of ours, if it has put any here."""
        return self.root / "templates"

    @property
    def platform_forms(self) -> Path:
        """The office's own columns of the platform tables, if it has put any here."""
        return self.templates / "platform_forms.csv"

    @property
    def score_sheet(self) -> Path:
        """The office's score sheet for the yearly assessment; without it nobody is scored."""
        return self.templates / "score_sheet.csv"

    def notices(self, label: str) -> Path:
        """Folder of the 入学通知书 of a school year."""
        return self.out / "入学通知书" / label

    def notice_numbers(self, year: int) -> Path:
        """The numbers of an autumn's 入学通知书, each given once."""
        return self.lake / "notices" / f"{year}.parquet"

    def manifests(self, period: str) -> Path:
        """Folder of a period's manifests."""
        return self.lake / "manifest" / period

    def validated(self, period: str, run_id: str) -> Path:
        """Folder of one validated delivery."""
        return self.lake / "validated" / period / run_id

    def openings(self, period: str, run_id: str) -> Path:
        """Folder of the case openings of one run."""
        return self.lake / "cases" / period / run_id

    def papers(self, period: str, version: int) -> Path:
        """Folder of one publication's papers."""
        return self.out / period / f"v{version}"

    def refusal(self, period: str) -> Path:
        """The note that says why a period could not be reported."""
        return self.out / period / "未能出报说明.txt"

    def skipped(self, period: str) -> Path:
        """The names of what was delivered and not used."""
        return self.out / period / "略过的文件.txt"


def find_home(option: Path | None = None) -> Home:
    """Return the home: `--home`, else BAOXUE_HOME, else ./data. Creates nothing."""
    return Home(Path(option or os.environ.get("BAOXUE_HOME") or "data").expanduser().resolve())


def one_district(home: Home) -> Home:
    """Return a district's home. Raises WrongUse on a municipality's, for what is done district by district."""
    if home.is_city:
        raise WrongUse(f"{home.root} 是市级工作文件夹，这条命令请对各区县分别使用：--home {home.districts / '区县名'}")
    return home


def prepare_home(home: Home) -> Home:
    """Create the home's folders, for the owner's eyes only; the home itself lets readers of the analysts' file in.

    What this process creates from here on is the owner's alone, and what was left open is closed. On Windows the
    folder's own rights hold, and this changes nothing.
    """
    os.umask(OWNER_ONLY)
    if not home.root.exists():
        home.root.mkdir(parents=True)
        home.root.chmod(0o755)
    inbox = () if home.is_city else (home.inbox,)
    for folder in (*inbox, home.lake, home.private, home.out, home.work):
        folder.mkdir(mode=0o700, exist_ok=True)
    for path in list_open(home):
        with suppress(OSError):  # another account's: doctor says so
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OWNER_ONLY)
    return home


def list_open(home: Home) -> list[Path]:
    """List what others on this machine can reach and should not: the home's folders, and all that is in `private/`."""
    if os.name != "posix":
        return []
    found = (home.inbox, home.lake, home.private, home.out, *sorted(home.private.rglob("*")))
    return [path for path in found if _is_open(path)]


def _is_open(path: Path) -> bool:
    try:
        mode = path.lstat().st_mode
    except OSError:  # gone meanwhile
        return False
    return not stat.S_ISLNK(mode) and bool(mode & OWNER_ONLY)


def create_private(path: Path, data: bytes) -> None:
    """Write a new file that only its owner ever could read, and force it to disk. Raises FileExistsError."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600), "wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())


def open_home(home: Home, *, city: bool = False) -> Home:
    """Return a home with all its folders. A mistyped folder is said, not made: a home has an inbox. Raises WrongUse.

    city: whether the command also works on a municipality's home.
    """
    if home.is_city and city:
        return prepare_home(home)
    one_district(home)
    if not home.inbox.is_dir():
        raise WrongUse(f"{home.root} 中没有 inbox，不是工作文件夹。请核对 --home；新的工作文件夹请建好 inbox/2025-B3 一类的"
                       "文件夹并放入报送文件，或先用 baoxue sample 试一试")  # fmt: skip
    return prepare_home(home)


def read_key(home: Home) -> bytes:
    """Return the pseudonym key, created on first use. It never leaves `private/`. Raises PublicError: see `check_key`."""
    from transforms import vault

    check_key(home)
    path = home.pseudonym_key
    if not path.exists():
        create_private(path, vault.pack(secrets.token_bytes(KEY_BYTES)))
    key = vault.read_bytes(path)
    if len(key) != KEY_BYTES:
        raise PublicError(f"{path} 已损坏，不是假名密钥。{KEY_BACK}")
    return key


def check_key(home: Home) -> None:
    """Raise PublicError where a home that has published lost its key: with a new one every child would be another."""
    if (home.database.exists() or home.named.exists()) and not home.pseudonym_key.is_file():
        raise PublicError(f"假名密钥 {home.pseudonym_key} 不见了，没有做任何改动。{KEY_BACK}")


def find_key_file() -> Path | None:
    """Return where BAOXUE_KEY_FILE says that the key of encrypted storage is."""
    named = os.environ.get("BAOXUE_KEY_FILE")
    return Path(named).expanduser() if named else None


def is_validation_off() -> bool:
    """Whether pandera was switched off from outside, which makes every contract pass."""
    return os.environ.get("PANDERA_VALIDATION_ENABLED", "True").lower() in ("false", "0")


def name_user() -> str:
    """Return the account's name for the access log."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name; Windows without USERNAME has no pwd
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "未知"


def hash_files(paths: Iterable[Path], root: Path) -> str:
    """Hash names and bytes of files in a fixed order: 16 hex digits."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _source_files(*folders: str) -> list[Path]:
    kept = {".py", ".sql", ".csv", ".yaml", ".json", ".j2", ".typ", ".md", ".txt", ".docx"}
    found = (path for folder in folders for path in (PROJECT / folder).rglob("*"))
    return [path for path in found if path.is_file() and path.suffix in kept and "__pycache__" not in path.parts]


def read_code_version() -> str:
    """Return release and a hash of everything that shapes the figures and papers: `0.1.0+1a2b3c4d`."""
    try:
        release = version("baoxue")
    except PackageNotFoundError:
        release = "0"
    return f"{release}+{hash_files(_source_files('transforms', 'schemas', 'templates'), PROJECT)[:8]}"


def read_reference_hash(home: Home) -> str:
    """Hash of the reference data in git, and of what the home sets in their place."""
    from transforms.documents.templates import list_own

    ours = hash_files(_source_files("data/reference"), PROJECT)
    if not (own := list_own(home.templates)):
        return ours
    return hashlib.sha256((ours + hash_files(own, home.root)).encode()).hexdigest()[:16]
