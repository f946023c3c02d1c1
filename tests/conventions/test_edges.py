"""Only flows/ knows Prefect, the environment and the clock; the portable core stays portable."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PURE = sorted(path for folder in ("transforms", "schemas") for path in (ROOT / folder).rglob("*.py"))
ALL = sorted([*PURE, *(ROOT / "flows").rglob("*.py")])
CLOCK = {"now", "today", "utcnow", "time", "time_ns"}
CLOCK_OWNERS = {"datetime", "date", "time", "dt"}


def label(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def list_imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def list_edge_reads(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner, name = node.value.id, node.attr
            if (owner in CLOCK_OWNERS and name in CLOCK) or (owner == "os" and name in ("environ", "getenv")):
                yield f"{owner}.{name}"


@pytest.mark.parametrize("path", PURE, ids=label)
def test_pure_code_knows_no_prefect_environment_or_clock(path: Path):
    imported = set(list_imports(path))
    assert not {name for name in imported if name.split(".")[0] in ("prefect", "flows")}
    assert list(list_edge_reads(path)) == []


@pytest.mark.parametrize("path", ALL, ids=label)
def test_the_core_is_portable(path: Path):
    assert not {name.split(".")[0] for name in list_imports(path)} & {"fcntl", "pwd", "grp", "resource", "openpyxl"}
    text = path.read_text(encoding="utf-8")
    for word in ("os.fork", '"/tmp', "'/tmp", "/bin/bash", 'get_context("fork")'):
        assert word not in text


def test_sql_reads_no_clock():
    for path in sorted((ROOT / "transforms").rglob("*.sql")):
        text = re.sub(r"--.*", "", path.read_text(encoding="utf-8")).lower()
        assert not re.search(r"\b(current_date|current_timestamp|now\(\)|today\(\)|getvariable|random\(\))", text), path


def test_a_run_and_the_help_import_no_prefect():
    code = ("import sys; from flows.cli import run_command; import flows.commands, flows.steps; "
            "run_command(['--help']); sys.exit(bool({'prefect', 'polars', 'duckdb', 'pandera'} & sys.modules.keys()))")  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_no_file_in_git_names_a_package_index():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    words = re.compile(rb"--(extra-)?index-url\s+\S|--find-links|\b(pypi|files)\.python" + rb"hosted|trusted-" + rb"host")
    for name in listed.stdout.decode().split("\n"):
        path = ROOT / name.strip('"')
        if path.is_file() and path.suffix in {".lock", ".toml", ".md", ".yaml", ".txt", ".cfg", ""}:
            assert not words.search(path.read_bytes()), name


def test_locked_packages_all_carry_hashes():
    for name in ("requirements-pip.lock", "requirements.lock", "requirements-test.lock", "requirements-spark.lock"):
        entries = re.split(r"\n(?=\S)", (ROOT / name).read_text(encoding="utf-8").strip())
        packages = [entry for entry in entries if not entry.startswith("#")]
        assert packages and all("--hash=sha256:" in entry for entry in packages)


def test_parquet_of_the_home_goes_through_the_vault():
    """What bypassed it would lie there plain. Only `baoxue export` writes Parquet for somebody to take away."""
    found = {label(path) for path in ALL if re.search(r"(read|scan)_parquet|write_parquet\(|format parquet", path.read_text(encoding="utf-8"))}
    assert found == {"transforms/vault.py", "transforms/published/export.py"}
