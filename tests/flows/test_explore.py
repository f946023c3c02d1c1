"""`baoxue explore` as an analyst uses it, in headless Chromium: find the odd school, look around, reach nothing outside."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.settings import PROJECT, Home
from tests.flows.office import AUDIT, find_port
from tests.flows.test_pages import CHROMIUM, FLAGS
from tests.flows.world import make_home
from tests.published.test_analysts_file import publish

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="没有 Chromium，未打开查看页（apt-get install chromium）")
ODD = "荣昌区某某小学"


def fill(database: Path) -> None:
    """Forty schools of one 镇街, one of them odd; pupils of two grades; open cases."""
    schools = [(f"31{i:08d}", f"荣昌区第{i}小学", 498, 500) for i in range(40)] + [("3199999999", ODD, 930, 1000)]
    con = duckdb.connect(str(database))
    for code, name, n, d in schools:
        con.execute("insert into indicators.value select * replace ('school' as area_level, $name as area_name, $code as school_code, "
                    "'retention_rate_year' as indicator, $n as numerator, $d as denominator, $n / $d as rate) "
                    "from indicators.value where area_level = 'district' limit 1", {"code": code, "name": name, "n": n, "d": d})  # fmt: skip
        con.execute("insert into conformed.school (period, version, school_code, school_name, township) values "
                    "('2025-B3', 1, ?, ?, '昌元街道')", [code, name])  # fmt: skip
    for level, name in (("district", "荣昌区"), ("township", "昌元街道")):
        con.execute("insert into indicators.value select * replace ($level as area_level, $name as area_name, 'retention_rate_year' as indicator, "
                    "20850 as numerator, 21000 as denominator, 20850 / 21000 as rate) from indicators.value "
                    "where indicator = 'enrolment_rate' limit 1", {"level": level, "name": name})  # fmt: skip
    con.execute("insert into conformed.enrolment (period, version, child_key, school_code, grade) "
                "select '2025-B3', 1, 'k' || i, '3199999999', (1 + i % 2)::varchar from range(20) as t (i)")  # fmt: skip
    con.execute("insert into cases.case (period, version, case_no, child_key, state, township) "
                "values ('2025-B3', 1, 'C1', 'k1', '劝返中', '昌元街道')")  # fmt: skip
    con.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("explore")
    home = make_home(folder / "home")
    shutil.copyfile(publish(folder, 1, 2), home.database)
    fill(home.database)
    return home


@dataclass
class Look:
    """The page, what it asked for outside, what the console said, and where Python code connected."""

    page: Any
    root: str
    connections: Path
    outside: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def look(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Look]:
    from playwright.sync_api import sync_playwright

    port, connections = find_port(), tmp_path_factory.mktemp("audit") / "connections"
    connections.touch()
    process = subprocess.Popen(
        [sys.executable, "-c", "from flows.cli import main; main()", "--home", str(home.root), "explore", "--port", str(port)],
        cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(AUDIT), "BAOXUE_TEST_CONNECTIONS": str(connections)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
    )  # fmt: skip
    try:
        assert process.stdout
        url = next(word for line in process.stdout for word in line.split("：") if word.startswith("http://127.0.0.1")).strip()
        with sync_playwright() as player:
            chromium = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = chromium.new_context(locale="zh-CN", viewport={"width": 1400, "height": 1100}).new_page()
            root = f"http://127.0.0.1:{port}"
            seen = Look(page, root, connections)
            page.on("request", lambda r: None if r.url.startswith((root, "data:", "blob:")) else seen.outside.append(r.url))
            page.on("console", lambda m: seen.faults.append(m.text) if m.type == "error" else None)
            page.on("pageerror", lambda error: seen.faults.append(str(error)))
            page.goto(root)
            _open(page, url)
            yield seen
            chromium.close()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(120)
        process.stdout.close()


def wait_for_words(page: Any, words: str) -> None:
    page.locator(f"text={words} >> visible=true").first.wait_for(timeout=300_000)


def _open(page: Any, url: str) -> None:
    """Without the password there is a Chinese form and nothing else; a wrong one is said; the address given lets in."""
    assert "请输入口令" in page.inner_text("body")
    page.fill("input[name=password]", "错")
    page.click("button")
    page.wait_for_selector("text=口令不对")
    page.goto(url)
    wait_for_words(page, "全部指标一起看")


def test_the_odd_school_is_named_at_once(look: Look):
    said = look.page.locator(".admonition >> visible=true").first.inner_text()
    assert "1所学校超出偶然波动" in said and f"{ODD}（930/1000，93.00%）" in said
    assert look.page.locator("table").first.inner_text().count(ODD) == 1  # and by the scan of all indicators


def test_every_picture_shows_with_chinese_words(look: Look):
    page = look.page
    for tab, words in (("镇街热力表", "各镇街主要指标"), ("走势", "逐期走势"), ("届别追踪", "逐期还有多少在籍"), ("案件", "可能原因和状态"),
                       ("学校漏斗图", "学校漏斗图")):  # fmt: skip
        page.get_by_role("tab", name=tab).click()
        page.locator(f"svg.marks:has-text('{words}') >> visible=true").first.wait_for(timeout=300_000)
    said = page.inner_text("body")
    assert not {word for word in ("Search", "Export", "Columns", "Download", "Loading") if word in said}
    assert look.faults == []


def test_a_file_published_meanwhile_is_read_by_the_next_question(home: Home, look: Look):
    """The page holds no connection: another version takes the file's place, and a new look sees it."""
    other = home.root / "other.duckdb"
    shutil.copyfile(home.database, other)
    con = duckdb.connect(str(other))
    con.execute("update indicators.value set numerator = 1000, rate = 1 where area_name = ?", [ODD])
    con.close()
    other.replace(home.database)
    look.page.reload()
    wait_for_words(look.page, "没有学校超出偶然波动")


def test_nothing_is_asked_of_the_outside_and_nothing_is_written(home: Home, look: Look):
    tried = look.connections.read_text(encoding="utf-8").splitlines()
    assert [line for line in tried if "127.0.0.1" not in line and "AF_UNIX" not in line and "'localhost'" not in line] == []
    assert look.outside == []
    assert not list(home.root.rglob("*.wal")) and not (PROJECT / "flows" / "__marimo__").exists()
    before = hashlib.sha256(home.database.read_bytes()).digest()
    look.page.reload()
    wait_for_words(look.page, "全部指标一起看")
    assert hashlib.sha256(home.database.read_bytes()).digest() == before


def test_answers_carry_a_policy_that_keeps_the_browser_here(look: Look):
    answer = look.page.request.get(look.root)
    assert "default-src 'self'" in answer.headers["content-security-policy"]
