"""The plug is pulled while the served home runs: at the next start the lost run is ended and its place is free."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from flows.settings import Home
from tests.flows.office import Office, find_port, serve, wait_for
from tests.flows.world import make_home
from tests.towns.delivery import write_delivery

pytestmark = [pytest.mark.serve, pytest.mark.skipif(not Path("/proc").is_dir(), reason="没有 /proc，未做断电试验")]
REQUEST = {"year": 2025, "months": "5—6月", "mode": "草稿", "reason": "试运行"}


def list_family(root: int) -> list[int]:
    """A process and all that it started."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(path.parent.name)] = int(words[1])
    family = [root]
    for member in family:
        family += [child for child, parent in parents.items() if parent == member]
    return family


def test_a_lost_run_is_ended_at_the_next_start_and_holds_up_nothing(tmp_path: Path):

    home: Home = make_home(tmp_path / "home")
    write_delivery(home.inbox / "2025-B3")
    port = find_port()
    with serve(home, port) as process:
        desk = Office(home, port)
        lost = desk.start("重跑", {"要求": REQUEST})
        wait_for(lambda: desk.read_state(lost, "RUNNING"))
        wait_for(lambda: True if list((home.lake / "extracts").glob("*")) else None)
        for number in list_family(process.pid):
            os.kill(number, signal.SIGKILL)
        process.wait(120)
    assert not (home.out / "2025-B3" / "draft").exists()
    with serve(home, port) as process:
        ended = wait_for(lambda: desk.read_state(lost))
        assert (ended["state"]["type"], ended["state"]["message"]) == ("CRASHED", "程序停止时未完成")
        again = desk.run("重跑", {"要求": REQUEST})
        assert again["state"]["type"] == "COMPLETED", again["state"]["message"]
    assert (home.out / "2025-B3" / "draft").is_dir()
