"""What `baoxue serve` says before anything starts."""

from pathlib import Path

import pytest

from flows.faults import HomeBusy, WrongUse
from flows.lock import hold_service
from flows.serving import LOG_BYTES, open_log, read_password, serve_home
from flows.settings import Home, prepare_home
from tests.flows.office import find_port


@pytest.fixture
def office(tmp_path: Path) -> Home:
    home = prepare_home(Home(tmp_path / "home"))
    (home.private / "prefect").mkdir()
    return home


def test_a_home_has_one_service_on_whatever_port(office: Home) -> None:
    with hold_service(office), pytest.raises(HomeBusy, match="已有一个 baoxue serve 在运行"):
        serve_home(office, find_port(), print)


@pytest.mark.parametrize("left", ["", "\n", "admin:", "只有口令12345678", "admin:short", "admin:one-line-1\nadmin:another-2"])
def test_a_password_file_without_a_password_opens_nothing(office: Home, left: str) -> None:
    (office.private / "serve_password.txt").write_text(left, encoding="utf-8")
    with pytest.raises(WrongUse, match="请删掉该文件再启动"):
        read_password(office)


def test_a_password_that_notepad_saved_is_read_without_its_mark(office: Home) -> None:
    made = read_password(office)
    (office.private / "serve_password.txt").write_text(made + "\r\n", encoding="utf-8-sig")
    assert read_password(office) == made


def test_the_servers_log_does_not_grow_for_years(office: Home) -> None:
    log = open_log(office)
    log.write_bytes(b"x" * (LOG_BYTES + 1))
    assert not open_log(office).exists()
    assert (log.parent / "server.old.txt").stat().st_size == LOG_BYTES + 1
    log.write_bytes(b"short")
    assert open_log(office).read_bytes() == b"short"
