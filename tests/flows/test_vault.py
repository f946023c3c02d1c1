"""Encrypted storage: the same figures and papers, nothing of a child in the lake, and a key without which nothing opens."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from flows.backup import back_up, restore
from flows.cli import run_command
from flows.commands import make_sample, run_backfill, run_period
from flows.faults import PublicError, explain_machine
from flows.lake import find_lake_damage
from flows.manifest import list_published
from flows.purge import purge
from flows.settings import Home, prepare_home, read_key
from flows.vault import list_plain, open_to_read, open_vault, read_vault
from schemas.bimester import Bimester
from schemas.published import list_published as list_tables
from tests.flows.world import PERIOD, Stages, deliver, install_stages
from transforms import vault
from transforms.documents import recipients
from transforms.documents.batch import Order
from transforms.vault import MARK, NotOpened, Vault

BEFORE, NOW = Bimester.parse("2025-B2"), Bimester.parse(PERIOD)


def quiet(_: str) -> None:
    pass


def switch_on(home: Home, key_file: Path | None = None, word: str = "是") -> None:
    more = f", 密钥文件: '{key_file}'" if key_file else ""
    home.options.write_text(f"加密存储: {{启用: {word}{more}}}\n", encoding="utf-8")


def list_files(folder: Path, *, without: str = "-") -> dict[str, bytes]:
    found = {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*")) if p.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith(without)}


def read_database(home: Home) -> dict[str, list[tuple]]:
    con = duckdb.connect(str(home.database), read_only=True)
    try:
        return {t.full_name: con.execute(f"from {t.full_name} order by all").fetchall() for t in list_tables()}
    finally:
        con.close()


# --- a whole small town: plain, and encrypted from the second period on; beside it one encrypted from the first


def thin(orders: Iterable[Order]) -> Iterator[Order]:
    """Of each kind of paper for schools and 镇街 the first two: the hundred others are made by the same steps."""
    made: Counter[str] = Counter()
    for order in orders:
        made[order.template] += 1
        if made[order.template] <= 2:
            yield order


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Home, Home]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipients, "list_orders", lambda *given, whole=recipients.list_orders: list(thin(whole(*given))))
        yield make_towns(tmp_path_factory.mktemp("towns"))


def make_towns(root: Path) -> tuple[Home, Home, Home]:
    plain = prepare_home(Home(root / "plain"))
    make_sample(plain, NOW, 300, 20250512, 1, quiet)
    read_key(plain)  # the same pseudonyms in all three
    shutil.copytree(plain.root, root / "first")
    run_backfill(plain, BEFORE, BEFORE, "none", quiet)
    shutil.copytree(plain.root, root / "later")
    first, later = Home(root / "first"), Home(root / "later")
    run_backfill(plain, NOW, NOW, "latest", quiet)
    switch_on(later)
    run_backfill(later, NOW, NOW, "latest", quiet)
    switch_on(first)
    shutil.copyfile(later.lake_key, first.lake_key)
    run_backfill(first, BEFORE, BEFORE, "none", quiet)
    return plain, later, first


def test_figures_and_papers_are_the_same_with_and_without(towns: tuple[Home, Home, Home]):
    plain, later, _ = towns
    papers = list_files(plain.out)
    assert len(papers) > 50 and {Path(name).parts[2] for name in papers} == {"区级", "学校", "镇街", "学区", "督导室", "督导责任区"}
    assert list_files(later.out) == papers
    assert read_database(plain) == read_database(later)


def test_everything_but_the_analysts_file_is_the_owners_alone(towns: tuple[Home, Home, Home]):
    for home in towns[:2]:
        open_to_others = [path for path in home.root.rglob("*") if path.stat().st_mode & 0o077]
        assert open_to_others == [home.database] and home.database.stat().st_mode & 0o777 == 0o644


def test_the_same_content_is_the_same_bytes_and_nothing_plain_is_left(towns: tuple[Home, Home, Home]):
    plain, later, first = towns
    assert len(list_plain(plain)) > 30
    assert list_plain(later) == list_plain(first) == []
    kept, written = (
        {name: data for name, data in list_files(home.lake).items()
         if not name.startswith("manifest") and not name.endswith(("sums.json", "keys.json"))}  # they name nobody
        for home in (later, first)
    )  # fmt: skip
    assert all(data.startswith(MARK) for data in kept.values())
    assert len(written) > 20 and {name: kept[name] for name in written} == written  # encrypted later or from the first
    assert all(find_lake_damage(later, m) is None for m in list_published(later))


def test_no_child_stands_in_any_byte_of_the_lake_or_the_private_folder(towns: tuple[Home, Home, Home]):
    plain, *encrypted = towns
    words: set[str] = set()
    for path in (plain.lake / "validated").glob("*/*/*.parquet"):
        frame = pl.read_parquet(path)
        for column in {"name", "id_number", "registry_number", "guardian_name", "phone"} & set(frame.columns):
            words |= {word for word in frame[column].drop_nulls().cast(pl.String) if len(word) >= 3}
    assert len(words) > 500
    spelled = [word.encode(code) for word in words for code in ("utf-8", "utf-16-le", "utf-16-be")]
    for home in encrypted:
        bytes_ = b"\0".join([*list_files(home.lake).values(), *list_files(home.private, without="sample_truth").values()])
        assert b"PAR1" not in bytes_ and "学籍".encode() in bytes_  # the manifest names files
        assert [word for word in spelled if word in bytes_] == []


def test_names_come_back_for_the_holder_of_the_key(towns: tuple[Home, Home, Home], tmp_path: Path):
    given = []
    for home in towns[:2]:
        out = tmp_path / f"{home.root.name}.csv"
        assert run_command(["--home", str(home.root), "export", "比对结果", str(out), "--named"]) == 0
        given.append(out.read_bytes())
    assert given[0] == given[1] and given[0].count(b"\n") > 5


def test_a_rerun_finds_nothing_new_and_reads_no_file_twice(towns: tuple[Home, Home, Home]):
    _, later, _ = towns
    before, said = list_files(later.lake), []
    run_period(later, NOW, None, False, said.append)
    assert any("没有发布新内容" in line for line in said)
    assert list_files(later.lake) == before


# --- the key: here with stubbed stages, which write named tables and openings all the same


@pytest.fixture
def published(home: Home, stages: Stages) -> Home:
    return publish(home)


def publish(home: Home) -> Home:
    switch_on(home)
    deliver(home, PERIOD, 甲校=2)
    run_period(home, NOW, None, False, quiet)
    return home


def refuse(home: Home, capsys: pytest.CaptureFixture[str], *command: str) -> str:
    """Run a command that must stop with 1 and change nothing; return what it said."""
    before = list_files(home.root, without=".lock")
    assert run_command(["--home", str(home.root), *command]) == 1
    after = list_files(home.root, without=".lock")
    assert after == before
    return capsys.readouterr().err


def test_the_key_is_made_at_first_use_for_its_owner_alone(published: Home):
    assert published.lake_key.stat().st_mode & 0o077 == 0
    assert vault.is_encrypted(published.pseudonym_key) and vault.is_encrypted(published.named)


def test_without_its_key_nothing_is_built(published: Home, capsys: pytest.CaptureFixture[str], stages: Stages, tmp_path: Path):
    published.lake_key.rename(tmp_path / "u.key")
    deliver(published, PERIOD, 乙校=1)
    stages.calls.clear()
    for command in (["run"], ["backfill"], ["export", "比对结果", str(tmp_path / "a.csv"), "--named"]):
        said = refuse(published, capsys, *command)
        assert str(published.lake_key) in said and "插上" in said and "BAOXUE_KEY_FILE" in said
    assert stages.calls == []


@pytest.mark.parametrize(("content", "said"), [("00" * 64, "别处的密钥"), ("不是", "不是加密存储的密钥"), ("", "不是加密存储的密钥")])
def test_a_wrong_key_is_refused(published: Home, capsys: pytest.CaptureFixture[str], content: str, said: str):
    published.lake_key.write_text(content, encoding="utf-8")
    deliver(published, PERIOD, 乙校=1)
    assert said in refuse(published, capsys, "run")
    assert run_command(["--home", str(published.root), "doctor"]) == 1
    assert f"不妥  加密存储：{'密钥文件' if content == '00' * 64 else str(published.lake_key)}" in capsys.readouterr().out


def test_a_folder_is_no_key(home: Home, tmp_path: Path) -> None:
    switch_on(home, tmp_path)
    with pytest.raises(PublicError, match="是文件夹：请在“加密存储·密钥文件”写到文件名"), open_vault(home):
        pass


def test_the_key_may_lie_elsewhere(home: Home, stages: Stages, tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                   monkeypatch: pytest.MonkeyPatch):  # fmt: skip
    stick = tmp_path / "u盘"
    switch_on(home, stick / "baoxue.key")
    deliver(home, PERIOD, 甲校=2)
    assert "插上" in refuse(home, capsys, "run")  # the stick is not in
    stick.mkdir()
    assert run_command(["--home", str(home.root), "run"]) == 0
    assert (stick / "baoxue.key").exists() and not home.lake_key.exists()
    shutil.move(stick, tmp_path / "另一处")
    monkeypatch.setenv("BAOXUE_KEY_FILE", str(tmp_path / "另一处" / "baoxue.key"))
    deliver(home, PERIOD, 乙校=1)
    capsys.readouterr()
    assert run_command(["--home", str(home.root), "run"]) == 0
    run_command(["--home", str(home.root), "doctor"])
    out = capsys.readouterr().out
    assert "第2版" in out and f"正常  加密存储：已启用，密钥 {tmp_path / '另一处' / 'baoxue.key'} 打得开数据湖，没有明文文件" in out


def test_doctor_advises_to_keep_the_key_apart(published: Home, capsys: pytest.CaptureFixture[str]):
    run_command(["--home", str(published.root), "doctor"])
    assert "提醒  加密存储：已启用" in (out := capsys.readouterr().out) and "同一处" in out


def test_switched_on_later_and_off_again(home: Home, stages: Stages, capsys: pytest.CaptureFixture[str]):
    deliver(home, "2025-B2", 甲校=1)
    run_period(home, BEFORE, None, False, quiet)
    plain = list_plain(home)
    names = pl.read_parquet(home.named)
    key = read_key(home)
    assert len(plain) == 5  # pseudonym key, named table, openings, turns, changes of state
    switch_on(home)
    run_command(["--home", str(home.root), "doctor"])
    assert "下一次运行时生成密钥" in capsys.readouterr().out and list_plain(home) == plain
    deliver(home, PERIOD, 乙校=1)
    said: list[str] = []
    run_period(home, NOW, None, False, said.append)
    assert any("已把以前的5个数据文件加密" in line for line in said)
    assert list_plain(home) == []
    assert all(find_lake_damage(home, m) is None for m in list_published(home))
    with open_to_read(home):
        assert read_key(home) == key
        assert set(names["child_key"]) < set(vault.read_frame(home.named)["child_key"])
    switch_on(home, word="否")
    deliver(home, PERIOD, 丙校=1)
    run_period(home, NOW, None, False, quiet)
    assert home.named in list_plain(home) and vault.is_encrypted(plain[-1])
    run_command(["--home", str(home.root), "doctor"])
    assert "正常  加密存储：已停用" in capsys.readouterr().out


def test_a_conversion_killed_anywhere_goes_on(home: Home, stages: Stages, monkeypatch: pytest.MonkeyPatch):
    deliver(home, "2025-B2", 甲校=1)
    run_period(home, BEFORE, None, False, quiet)
    switch_on(home)
    replace = Path.replace
    left = 0

    def cut(self: Path, target: Path) -> Path:
        nonlocal left
        if left == 0:
            raise KeyboardInterrupt
        left -= 1
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", cut)
    for allowed in range(12):
        left = allowed
        copy = Home(home.root.with_name(f"home{allowed}"))
        shutil.copytree(home.root, copy.root)
        try:
            with open_vault(copy):
                break
        except KeyboardInterrupt:
            left = -1
        assert find_lake_damage(copy, list_published(copy)[0]) is None
        with open_vault(copy):
            assert list_plain(copy) == [] and vault.read_frame(copy.named).height == 1
    assert 3 <= allowed < 11


def test_a_damaged_folder_is_not_blessed_by_encrypting_it(home: Home, stages: Stages):
    deliver(home, "2025-B2", 甲校=1)
    run_period(home, BEFORE, None, False, quiet)
    path = next(home.lake.glob("cases/*/*/opening.parquet"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    switch_on(home)
    with open_vault(home):
        pass
    assert find_lake_damage(home, list_published(home)[0]) == path
    run_period(home, BEFORE, None, False, quiet)
    assert find_lake_damage(home, list_published(home)[0]) is None and list_plain(home) == []


def test_one_changed_byte_does_not_open_and_is_said(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    install_stages(monkeypatch, with_views=True)
    published = publish(home)
    data = bytearray(published.named.read_bytes())
    data[len(data) // 2] ^= 1
    published.named.write_bytes(data)
    assert run_command(["--home", str(published.root), "export", "比对结果", str(tmp_path / "a.csv"), "--named"]) == 1
    assert "named.parquet 打不开" in capsys.readouterr().err


@pytest.mark.parametrize("apart", [False, True])
def test_a_backup_brings_the_key_along_or_says_that_it_does_not(home: Home, stages: Stages, tmp_path: Path, apart: bool):
    key = tmp_path / "另存" / "lake.key" if apart else home.lake_key
    (tmp_path / "另存").mkdir()
    switch_on(home, key if apart else None)
    deliver(home, PERIOD, 甲校=2)
    run_period(home, NOW, None, False, quiet)
    said: list[str] = []
    back_up(home, tmp_path / "备份.age", said.append)
    assert any("没有进备份" in line and str(key) in line for line in said) == apart
    there = Home(tmp_path / "there")
    (backup_key := tmp_path / "恢复密钥").write_bytes(home.backup_key.read_bytes())
    shutil.rmtree(home.root)
    restore(there, tmp_path / "备份.age", backup_key, quiet)
    assert there.lake_key.exists() != apart
    with open_to_read(there):
        assert vault.read_frame(there.named).height == 2
    deliver(there, PERIOD, 甲校=2)
    run_period(there, NOW, None, False, said.append)
    assert any("没有发布新内容" in line for line in said)


def test_purge_drops_names_from_an_encrypted_table(published: Home):
    from datetime import date

    before = published.named.read_bytes()
    published.options.write_text(published.options.read_text(encoding="utf-8") + "保留年限: {收件和文稿: 1}\n", encoding="utf-8")
    purge(published, date(2025, 9, 1), quiet)
    assert published.named.read_bytes() == before  # nothing is that old


# --- the file format


def test_what_was_written_comes_back_and_only_with_its_key(tmp_path: Path):
    frame = pl.DataFrame({"name": ["虚构甲", None], "birth_date": [None, None], "tags": [["a", "b"], []]})
    key, path, again = vault.make_key(), tmp_path / "a.parquet", tmp_path / "b.parquet"
    with vault.use(Vault(key, True)):
        vault.write_frame(frame, path)
        vault.write_frame(frame, again)
        assert vault.read_frame(path).equals(frame) and vault.read_frame(path, ["name"]).columns == ["name"]
    assert path.read_bytes() == again.read_bytes()
    assert len(path.read_bytes()) > len(MARK) and "虚构甲".encode() not in path.read_bytes()
    for other in (Vault(), Vault(vault.make_key(), True)):
        with vault.use(other), pytest.raises(NotOpened, match=r"a\.parquet 打不开") as error:
            vault.read_frame(path)
        assert "密钥不对" in str(explain_machine(error.value))
    with vault.use(Vault(key, False)):
        vault.write_frame(frame, again)
        assert pl.read_parquet(again).equals(frame) and vault.read_frame(path).equals(frame)


def test_a_query_reads_plain_and_encrypted_files_side_by_side_in_order(tmp_path: Path):
    files = [tmp_path / f"{n}.parquet" for n in range(3)]
    con = duckdb.connect()
    with vault.use(Vault(vault.make_key(), True)):
        for number, path in enumerate(files):
            frame = pl.DataFrame({"n": [number, number + 10]})
            vault.write_frame(frame, path) if number != 1 else frame.write_parquet(path)
        rows = [row for source in vault.list_sources(con, files) for row in con.execute(f"select n from {source}").fetchall()]
    assert rows == [(0,), (10,), (1,), (11,), (2,), (12,)]


def test_a_home_that_never_asked_for_it_has_no_vault(home: Home):
    assert read_vault(home) is None
    with open_vault(home):
        assert not home.lake_key.exists()


def test_a_key_that_cannot_be_made_is_a_public_fault(home: Home, tmp_path: Path):
    switch_on(home, tmp_path / "没有" / "k")
    with pytest.raises(PublicError, match="放密钥的文件夹"), open_vault(home):
        pass
