"""Where a run is computed, and what DuckDB may take of the machine: memory, cores, and where it spills."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

SHARE = 4  # the default: one part in four of the machine's memory
OF_MACHINE = 0.8  # what DuckDB itself would take, on every system and inside a container
LEAST_MB = 1024  # with less a district's run spills what it could keep


class ClusterFault(RuntimeError):
    """Spark cannot be used as the settings ask; the text says so in Chinese, without personal data."""


@dataclass(frozen=True)
class Engine:
    """Limits of one run. memory_mb: megabytes, 0 for a quarter of the machine; threads: 0 for every core.

    `spill`: the folder for what does not fit into memory; it holds personal data, so it lies inside the home.
    `cluster`: the address of a Spark Connect server that runs the models; empty: DuckDB runs them here.
    """

    memory_mb: int = 0
    threads: int = 0
    spill: Path | None = None
    cluster: str = ""

    def set_up(self, con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
        """Set the limits on a connection, quiet besides; return it."""
        con.execute("set enable_progress_bar = false")
        con.execute(f"set memory_limit = '{self.memory_mb or find_share(con)}MB'")
        if self.threads:
            con.execute(f"set threads = {self.threads}")
        if self.spill is not None:
            con.execute("set temp_directory = ?", [str(self.spill)])
        return con


QUARTER = Engine()  # the default everywhere


def find_share(con: duckdb.DuckDBPyConnection) -> int:
    """A quarter of the machine's memory in megabytes, from the limit that DuckDB sets itself."""
    con.execute("reset memory_limit")
    number, unit = con.execute("select current_setting('memory_limit')").fetchone()[0].split()  # type: ignore[index]
    scale = {"KiB": 1 / 1024, "MiB": 1, "GiB": 1024, "TiB": 1024**2}.get(unit, 0)
    return max(LEAST_MB, int(float(number) * scale * 1.048576 / OF_MACHINE / SHARE))
