"""Put on a process's path by a test: write down every address that Python code tries to reach."""

import os
import sys

_LOG = os.environ.get("BAOXUE_TEST_CONNECTIONS", "")


def _note(event: str, arguments: tuple) -> None:
    if event == "socket.connect":
        place = arguments[1]
    elif event == "socket.getaddrinfo":
        place = arguments[:2]
    else:
        return
    with open(_LOG, "a", encoding="utf-8") as handle:  # noqa: PTH123 pathlib may not be importable yet
        handle.write(f"{event}\t{place!r}\n")


if _LOG:
    sys.addaudithook(_note)
