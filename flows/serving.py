"""`baoxue serve`: Prefect's server and the two deployments, one process to start and one to stop."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

import yaml

from flows.faults import PublicError, WrongUse
from flows.settings import PROJECT, Home

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

LOOPBACK = "127.0.0.1"
START_SECONDS = 120


def list_environment(home: Home, port: int) -> dict[str, str]:
    """Every Prefect setting of the served home: loopback only, nothing sent out, nothing kept that need not be."""
    url = f"http://{LOOPBACK}:{port}"
    path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH", "")]))
    return {
        "BAOXUE_HOME": str(home.root),
        "PYTHONPATH": path,
        "PREFECT_HOME": str(home.private / "prefect"),
        "PREFECT_API_URL": f"{url}/api",
        "PREFECT_SERVER_API_HOST": LOOPBACK,  # the --port flag does not reach the pages
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": url,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_UI_V2_ENABLED": "false",  # its pages call out to the internet; the first ones do not
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_SCHEDULED_TIME": "P400D",
        "PREFECT_TASKS_DEFAULT_NO_CACHE": "true",
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
        "PREFECT_LOGGING_LOG_PRINTS": "false",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "PREFECT_WORKER_WEBSERVER_HOST": LOOPBACK,
    }


def serve_home(home: Home, port: int, say: Callable[[str], None]) -> None:
    """Serve until interrupted. The server and every run it starts end with this process."""
    if not is_free(port):
        raise WrongUse(f"端口 {port} 已被占用：若是另一个 baoxue serve，先停掉它；否则用 --port 换一个")
    os.environ.update(list_environment(home, port))
    (home.private / "prefect").mkdir(mode=0o700, exist_ok=True)
    say("正在启动，首次约需半分钟……")
    with run_server(home, port):
        from prefect import serve

        say(f"已启动：用浏览器打开 http://{LOOPBACK}:{port}  按 Ctrl-C 停止")
        serve(*make_deployments(), limit=1, pause_on_shutdown=False, print_starting_message=False)
    say("已停止")


def is_free(port: int) -> bool:
    """Whether nothing listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) != 0


@contextmanager
def run_server(home: Home, port: int) -> Iterator[None]:
    """Run Prefect's server for the block; its log stays in the home."""
    log = home.private / "log" / "server.txt"
    log.parent.mkdir(mode=0o700, exist_ok=True)
    with log.open("ab") as handle:
        server = subprocess.Popen([sys.executable, "-m", "prefect", "server", "start"], stdout=handle, stderr=handle)
        try:
            _wait_until_healthy(server, port)
            yield
        finally:
            _stop(server)


def _wait_until_healthy(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/api/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise PublicError("Prefect 服务没有启动，原因见 private/log/server.txt")


def _stop(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.terminate()
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def read_deployments() -> list[dict[str, Any]]:
    """Read the deployments as `prefect.yaml` declares them."""
    text = (PROJECT / "prefect.yaml").read_text(encoding="utf-8")
    return list(yaml.safe_load(text)["deployments"])


def make_deployments() -> list[RunnerDeployment]:
    """Make Prefect's deployments of the declared ones."""
    return [make_deployment(declared) for declared in read_deployments()]


def make_deployment(declared: dict[str, Any]) -> RunnerDeployment:
    """Make one deployment: its flow by module path, its schedule in the declared time zone."""
    from prefect.client.schemas.objects import ConcurrencyLimitConfig
    from prefect.flows import EntrypointType
    from prefect.schedules import Cron

    module, _, name = declared["entrypoint"].rpartition(".")
    return getattr(import_module(module), name).to_deployment(
        name=declared["name"],
        description=declared["description"],
        schedules=[Cron(s["cron"], timezone=s["timezone"], slug=s["slug"]) for s in declared["schedules"]],
        concurrency_limit=ConcurrencyLimitConfig(**declared["concurrency_limit"]),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
