"""One writer at a time: a portable lock that any death of its holder frees."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from flows.faults import HomeBusy
from flows.settings import Home


@contextmanager
def hold_home(home: Home, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the home for the block. Raises HomeBusy when another run holds it for longer than `wait_seconds`."""
    lock = FileLock(home.lock, timeout=wait_seconds)
    try:
        lock.acquire()
    except Timeout as error:
        raise HomeBusy(f"另一次运行正在使用 {home.root}，请等它结束后再试") from error
    try:
        yield
    finally:
        lock.release()
