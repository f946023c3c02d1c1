"""`baoxue serve`, really started: 重跑 through the API publishes, the schedule has its run, one stop ends all."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from flows.manifest import list_published
from flows.serving import is_free
from flows.settings import PROJECT, Home
from schemas.bimester import Bimester
from tests.flows.world import make_home

pytestmark = pytest.mark.serve


def find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve(home: Home, port: int) -> Iterator[subprocess.Popen[str]]:
    code = "from flows.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "--home", str(home.root), "serve", "--port", str(port)],
        cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
        if process.stdout:
            process.stdout.close()


def call(port: int, path: str, body: Any = None) -> Any:
    url = f"http://127.0.0.1:{port}/api{urllib.parse.quote(path)}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def wait_for(what: Callable[[], Any], seconds: int) -> Any:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if (found := what()) is not None:
                return found
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.5)
    raise AssertionError("waited in vain")


def read_end(port: int, run_id: str) -> dict[str, Any] | None:
    run = call(port, f"/flow_runs/{run_id}")
    return run if run["state"]["type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") else None


def test_rerun_through_the_api_publishes_and_one_stop_ends_all(tmp_path: Path):
    from transforms.sample.write import write_sample

    home, port = make_home(tmp_path / "home"), find_port()
    write_sample(home.root, Bimester.parse("2025-B3"), back=0, pupils=300)
    with serve(home, port) as process:
        deployment = wait_for(lambda: call(port, "/deployments/name/重跑/重跑"), 120)
        request = {"year": 2025, "months": "5—6月", "mode": "发布", "reason": "试运行"}
        run = call(port, f"/deployments/{deployment['id']}/create_flow_run", {"parameters": {"request": request}})
        ended = wait_for(lambda: read_end(port, run["id"]), 120)
        assert ended["state"]["type"] == "COMPLETED", ended["state"]["message"]
        assert ended["name"] == "重跑-2025-B3-v1"
        scheduled = call(port, "/deployments/name/双月报/双月报")
        assert scheduled["schedules"][0]["schedule"]["timezone"] == "Asia/Shanghai"
        waiting = {"deployments": {"id": {"any_": [scheduled["id"]]}}, "limit": 5}
        assert wait_for(lambda: call(port, "/flow_runs/filter", waiting) or None, 90)
        process.send_signal(signal.SIGINT)
        assert process.wait(40) == 0
    assert is_free(port)
    assert [(str(m.period), m.version) for m in list_published(home)] == [("2025-B3", 1)]
    assert home.database.exists()
