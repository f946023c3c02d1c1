"""`baoxue serve`: Prefect's server and the deployments of prefect.yaml, one process to start and one to stop."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from flows.faults import PublicError, WrongUse
from flows.lock import hold_service
from flows.options import Options, read_options
from flows.settings import PROJECT, Home, create_private

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

LOOPBACK = "127.0.0.1"
PASSWORD = re.compile(r"[!-9;-~]+:[!-~]{8,}")
START_SECONDS = 600  # a server that has died is noticed at once
LOG_BYTES = 5_000_000  # a service that runs for years keeps this log and the one before it


def list_environment(home: Home, port: int) -> dict[str, str]:
    """Every Prefect setting of the served home: loopback only, nothing sent out, nothing kept that need not be."""
    url = f"http://{LOOPBACK}:{port}"
    password = read_password(home)
    path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH", "")]))
    return {
        "BAOXUE_HOME": str(home.root),
        "PYTHONPATH": path,
        "PREFECT_HOME": str(home.private / "prefect"),
        "PREFECT_API_URL": f"{url}/api",
        "PREFECT_SERVER_API_HOST": LOOPBACK,  # the --port flag does not reach the pages
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": url,
        "PREFECT_SERVER_API_AUTH_STRING": password,
        "PREFECT_API_AUTH_STRING": password,
        "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_UI_V2_ENABLED": "false",  # flows.web says why
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_SCHEDULED_TIME": "P400D",
        "PREFECT_TASKS_DEFAULT_NO_CACHE": "true",
        "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
        "PREFECT_LOGGING_LOG_PRINTS": "false",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "PREFECT_RUNNER_POLL_FREQUENCY": "3",  # a clerk who clicks does not wait ten seconds
        "PREFECT_WORKER_WEBSERVER_HOST": LOOPBACK,
    }


def read_password(home: Home) -> str:
    """Return the pages' user and password, made at first start; it never leaves `private/`.

    Raises WrongUse on a file that holds none: an empty one would open the pages to everybody on the machine.
    """
    path = home.private / "serve_password.txt"
    if not path.exists():
        create_private(path, f"admin:{secrets.token_urlsafe(18)}".encode())
    password = path.read_text(encoding="utf-8-sig", errors="replace").strip()
    if not PASSWORD.fullmatch(password):
        raise WrongUse(f"{path} 中应只有一行“admin:口令”，口令不少于8个字母、数字。请删掉该文件再启动，会另生成一个")
    return password


def serve_home(home: Home, port: int, say: Callable[[str], None]) -> None:
    """Serve until interrupted. The server and every run it starts end with this process."""
    options = read_options(home)  # a wrong setting is said before anything starts
    (home.private / "prefect").mkdir(mode=0o700, exist_ok=True)
    with hold_service(home):
        if not is_free(port):
            raise WrongUse(f"端口 {port} 已被别的程序占用：请用 --port 换一个")
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that starts it behind its back has it ignored
        signal.signal(signal.SIGTERM, stop_as_by_hand)  # a stop from the system ends the server and the runs too
        os.environ.update(list_environment(home, port))
        say("正在启动，首次约需半分钟……")
        with suppress(KeyboardInterrupt), run_server(home, port):  # a stop before the deployments stand is a stop too
            for line in tidy_runs():
                say(line)
            say(f"已启动：用浏览器打开 http://{LOOPBACK}:{port}  登录口令在 {home.private / 'serve_password.txt'}")
            say("按 Ctrl-C 停止")
            run_deployments(make_deployments(options))
            say("正在停止……")
    say("已停止")


def stop_as_by_hand(*_: object) -> None:
    """Take a stop that the system asks for as Ctrl-C."""
    signal.raise_signal(signal.SIGINT)


def run_deployments(deployments: list[RunnerDeployment]) -> None:
    """Run what is due, one run at a time, until interrupted: as Prefect's `serve`, whose end by SIGTERM never comes to pass."""
    from prefect.runner import Runner

    class Stoppable(Runner):
        def handle_sigterm(self, *_args: object, **_options: object) -> None:  # theirs stops without waiting for it
            stop_as_by_hand()

    runner = Stoppable(pause_on_shutdown=False, limit=1)
    for deployment in deployments:
        runner.add_deployment(deployment)
    with suppress(KeyboardInterrupt):
        asyncio.run(runner.start())


def tidy_runs() -> list[str]:
    """End what a stop left behind, before anything starts; say what was done.

    A run that seems to be under way has lost its process. Of several missed runs of one schedule only the last stays:
    it catches up once.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
    from prefect.client.schemas.objects import FlowRun, StateType
    from prefect.states import Cancelled, Crashed

    now = datetime.now(UTC)
    with get_client(sync_client=True) as client:

        def find(*types: StateType) -> list[FlowRun]:
            wanted = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(types))))
            return client.read_flow_runs(flow_run_filter=wanted, limit=200)

        lost = find(StateType.RUNNING, StateType.PENDING, StateType.CANCELLING)
        for run in lost:
            client.set_flow_run_state(run.id, Crashed(message="程序停止时未完成"), force=True)
        missed = [r for r in find(StateType.SCHEDULED) if r.auto_scheduled and r.expected_start_time and r.expected_start_time < now]
        dropped = list_superseded([(r.id, r.deployment_id, r.expected_start_time) for r in missed])
        for run_id in dropped:
            client.set_flow_run_state(run_id, Cancelled(message="停机期间错过，由最近一次补跑"), force=True)
    told = ((f"上次停止时有{len(lost)}次运行未完成，已结束", lost), (f"停机期间错过{len(missed)}次定时运行，"
            f"补跑{len(missed) - len(dropped)}次", missed))  # fmt: skip
    return [line for line, runs in told if runs]


def list_superseded(missed: list[tuple[Any, Any, Any]]) -> list[Any]:
    """Of (run, deployment, time) list the runs that a later one of the same deployment makes idle."""
    last = {deployment: time for _, deployment, time in sorted(missed, key=lambda m: m[2])}
    return [run for run, deployment, time in missed if time != last[deployment]]


def is_free(port: int) -> bool:
    """Whether nothing listens on a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) != 0


@contextmanager
def run_server(home: Home, port: int) -> Iterator[None]:
    """Run Prefect's server for the block; its log stays in the home."""
    with open_log(home).open("ab") as handle:
        server = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "--factory", "flows.web:create_app", "--host", LOOPBACK, "--port", str(port),
             "--log-level", "warning", "--no-access-log", "--timeout-keep-alive", "5"],
            stdout=handle, stderr=handle,
        )  # fmt: skip
        try:
            _wait_until_healthy(server, port)
            yield
        finally:
            _stop(server)


def open_log(home: Home) -> Path:
    """Return the server's log; one that has grown long gives way to a new one at the start of the service."""
    log = home.private / "log" / "server.txt"
    log.parent.mkdir(mode=0o700, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_name("server.old.txt"))
    return log


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


def make_deployments(options: Options) -> list[RunnerDeployment]:
    """Make Prefect's deployments of the declared ones."""
    return [make_deployment(declared, options) for declared in read_deployments()]


def make_deployment(declared: dict[str, Any], options: Options) -> RunnerDeployment:
    """Make one deployment: its flow by module path, its schedule in the declared time zone.

    The report's day and hour are the office's setting; prefect.yaml has the default.
    """
    from prefect.client.schemas.objects import ConcurrencyLimitConfig
    from prefect.flows import EntrypointType
    from prefect.schedules import Cron

    module, _, name = declared["entrypoint"].rpartition(".")
    return getattr(import_module(module), name).to_deployment(
        name=declared["name"],
        description=declared["description"],
        schedules=[Cron(_set_day(s["cron"], s["slug"], options), timezone=s["timezone"], slug=s["slug"])
                   for s in declared["schedules"]],
        concurrency_limit=ConcurrencyLimitConfig(**declared["concurrency_limit"]),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def _set_day(cron: str, slug: str, options: Options) -> str:
    if slug != "bimonthly":
        return cron
    return f"0 {options['定时', '几点']} {options['定时', '几日']} 1-11/2 *"
