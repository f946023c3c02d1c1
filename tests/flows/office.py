"""A served home and the office's part in it: signed in, calling the API as its pages do."""

from __future__ import annotations

import base64
import json
import os
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

from flows.settings import PROJECT, Home

AUDIT = Path(__file__).parent / "audit"


def find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve(home: Home, port: int, connections: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    """Run `baoxue serve`; with `connections`, every address that any of its processes tries is written there."""
    audit = {"PYTHONPATH": str(AUDIT), "BAOXUE_TEST_CONNECTIONS": str(connections)} if connections else {}
    code = "from flows.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "--home", str(home.root), "serve", "--port", str(port)],
        cwd=PROJECT, env={**os.environ, **audit}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
    )  # fmt: skip
    try:
        yield process
    finally:
        assert process.stdout
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            said = process.communicate(timeout=300)[0]
            assert process.returncode == 0 and said.splitlines()[-1] == "已停止" and "Warning" not in said, said
        process.stdout.close()


class Office:
    """A browser's part: signed in, with the token that a change needs."""

    def __init__(self, home: Home, port: int) -> None:
        self.port, self.home = port, home

    def call(self, path: str, body: Any = None) -> Any:
        """Ask the API; a body makes it a change."""
        headers = {"Content-Type": "application/json", "Authorization": "Basic " + self._spell_password()}
        if body is not None:
            token = self.call("/csrf-token?client=test")["token"]
            headers |= {"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": "test"}
        url = f"http://127.0.0.1:{self.port}/api{urllib.parse.quote(path, safe='/?=')}"
        request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(), headers)
        for _ in range(60):
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code != 503:  # as the client of Prefect does
                    raise
                time.sleep(0.5)
        raise AssertionError("the server stayed busy")

    def _spell_password(self) -> str:
        return base64.b64encode((self.home.private / "serve_password.txt").read_bytes()).decode()

    def start(self, deployment: str, parameters: Any, **more: Any) -> str:
        """Start a deployment's flow; return the run's id."""
        found = wait_for(lambda: self.call(f"/deployments/name/{deployment}/{deployment}"))
        run = self.call(f"/deployments/{found['id']}/create_flow_run", {"parameters": parameters, **more})
        return str(run["id"])

    def run(self, deployment: str, parameters: Any) -> dict[str, Any]:
        """Start a flow and wait for its end."""
        run_id = self.start(deployment, parameters)
        return dict(wait_for(lambda: self.read_state(run_id)))

    def read_state(self, run_id: str, *wanted: str) -> dict[str, Any] | None:
        """Return a run once its state is one of the wanted, by default an end."""
        run = self.call(f"/flow_runs/{run_id}")
        return run if run["state"]["type"] in (wanted or ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")) else None


def wait_for(what: Callable[[], Any], seconds: int = 600) -> Any:
    """Return what stands at last. The limit is for what never comes: a busy machine takes minutes to start a server."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if (found := what()) is not None:
                return found
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.5)
    raise AssertionError("waited in vain")
