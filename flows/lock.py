"""One writer at a time: a portable lock that any death of its holder frees."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from flows.faults import HomeBusy
from flows.settings import Home


@contextmanager
def hold_home(home: Home, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the home for the block. Raises HomeBusy when another run holds it for longer than `wait_seconds`."""
    with _hold(home.lock, wait_seconds, f"另一次运行正在使用 {home.root}，请等它结束后再试"):
        yield


@contextmanager
def hold_service(home: Home) -> Iterator[None]:
    """Be the home's one service for the block, on whatever port: two would end each other's runs. Raises HomeBusy."""
    said = f"{home.root} 已有一个 baoxue serve 在运行，不能再开一个；用它的网页即可，或先把它停掉"
    with _hold(home.private / "prefect" / "serve.lock", 0, said):
        yield


@contextmanager
def _hold(path: Path, wait_seconds: float, said: str) -> Iterator[None]:
    lock = FileLock(path, timeout=wait_seconds)
    try:
        lock.acquire()
    except Timeout as error:
        raise HomeBusy(said) from error
    try:
        yield
    finally:
        lock.release()
