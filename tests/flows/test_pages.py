"""The served pages as a clerk uses them, in headless Chromium: sign in, fill the form, run, read the result, sign."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from flows.manifest import list_published
from flows.settings import Home
from tests.flows.office import Office, find_port, serve, wait_for
from tests.flows.world import make_home
from tests.towns.delivery import write_delivery

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
MOMENT = {"type": "SCHEDULED", "state_details": {"scheduled_time": "2025-07-10T06:00:00+08:00"}}

pytestmark = [
    pytest.mark.serve,
    pytest.mark.skipif(CHROMIUM is None, reason="没有 Chromium，未点击页面（apt-get install chromium）"),
]


@dataclass
class Browser:
    """A page on the served home, and every address it asked for outside it."""

    page: Any
    root: str
    outside: list[str] = field(default_factory=list)

    def sign_in(self, password: str) -> None:
        """Go through the login page."""
        self.page.goto(f"{self.root}/login")
        self.page.fill("input[type=password]", password)
        self.page.click("button:has-text('Login')")
        self.page.wait_for_url(re.compile("/dashboard"))

    def choose(self, label: str, option: str) -> None:
        """Choose from a list of the form."""
        part = self.page.locator(".schema-form-property", has=self.page.locator(".schema-form-property__label", has_text=label)).last
        part.locator(".p-select-button__icon").click()  # the box itself does not open in these pages
        self.page.locator(".p-select-option", has_text=re.compile(f"^{re.escape(option)}$")).click()

    def type(self, label: str, text: str) -> None:
        """Type into a field of the form."""
        part = self.page.locator(".schema-form-property", has=self.page.locator(".schema-form-property__label", has_text=label)).last
        part.locator("input,textarea").first.fill(text)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Office]]:

    home, port = make_home(tmp_path_factory.mktemp("pages") / "home"), find_port()
    write_delivery(home.inbox / "2025-B3")
    with serve(home, port):
        office = Office(home, port)
        wait_for(lambda: office.call("/deployments/name/重跑/重跑"))
        yield home, office


@pytest.fixture(scope="module")
def browser(desk: tuple[Home, Office]) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    home, office = desk
    with sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = chromium.new_context(locale="zh-CN", viewport={"width": 1400, "height": 1100},
                                       http_credentials=None, accept_downloads=True)  # fmt: skip
        root = f"http://127.0.0.1:{office.port}"
        context.set_default_timeout(120_000)  # a busy machine is slow, not wrong
        page = context.new_page()
        seen = Browser(page, root)
        page.on("request", lambda r: seen.outside.append(r.url) if not r.url.startswith((root, "data:", "blob:")) else None)
        seen.sign_in((home.private / "serve_password.txt").read_text(encoding="utf-8"))
        yield seen
        chromium.close()


def test_a_clerk_reruns_a_period_from_the_form(desk, browser):
    home, office = desk
    page = browser.page
    page.goto(f"{browser.root}/deployments")
    page.locator("a", has_text=re.compile("^重跑$")).first.click()
    page.click("button:has-text('Run')")
    page.click("text=Custom run")
    browser.type("年份", "2025")
    browser.choose("双月", "5—6月")
    browser.choose("方式", "草稿")
    browser.choose("原因", "试运行")
    with page.expect_response(re.compile("/create_flow_run$")) as answer:
        page.click("button:has-text('Submit')")
    assert answer.value.status == 201
    page.goto("about:blank")  # the browser draws a run's page without end
    end = {"flow_runs": {"name": {"like_": "草稿"}, "state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}}}
    (ended,) = wait_for(lambda: office.call("/flow_runs/filter", end) or None)
    assert ended["state"]["type"] == "COMPLETED", ended["state"]["message"]
    assert (home.out / "2025-B3" / "draft").is_dir()
    page.goto(f"{browser.root}/runs")
    page.locator("a", has_text="重跑-2025-B3-v1-草稿").first.click()
    page.get_by_text("Completed").first.wait_for(timeout=600_000)
    page.get_by_text("Artifacts", exact=True).first.click()
    page.get_by_text("出报结果").or_(page.get_by_text("publication")).first.wait_for(timeout=600_000)


def test_a_draft_is_signed_on_the_page(desk, browser):
    home, office = desk
    run_id = office.start("双月报", {}, state=MOMENT)
    wait_for(lambda: office.read_state(run_id, "PAUSED"))
    sign(browser, run_id)
    browser.page.goto("about:blank")
    ended = wait_for(lambda: office.read_state(run_id))
    assert ended["state"]["type"] == "COMPLETED", ended["state"]["message"]
    (manifest,) = list_published(home)
    assert dict(manifest.approval)["签发人"] == "孙签发"


def sign(browser, run_id):
    page = browser.page
    page.goto(f"{browser.root}/runs/flow-run/{run_id}")
    page.get_by_role("button", name="Resume").click()
    page.get_by_text("送审稿（第1版）已备好").wait_for()
    shown = page.locator(".p-modal").or_(page.get_by_role("dialog")).first.inner_text()
    assert "签发日期" in shown and "Issued" not in shown and "What the" not in shown
    browser.choose("决定", "签发")
    browser.type("审核人", "钱审核")
    browser.type("签发人", "孙签发")
    browser.type("发文字号", "荣教委〔2025〕18号")
    with page.expect_response(re.compile("/resume$")) as answer:
        page.get_by_role("button", name="Submit").or_(page.get_by_role("button", name="Resume")).last.click()
    assert answer.value.status < 300


def test_the_second_set_of_pages_is_offered_nowhere(browser):
    browser.page.goto(f"{browser.root}/dashboard")
    browser.page.get_by_text("Deployments").first.wait_for()
    assert "V2 UI" not in browser.page.inner_text("body")
    browser.page.context.add_cookies([{"name": "prefect_ui_version", "value": "v2", "url": browser.root}])
    browser.page.goto(f"{browser.root}/")
    browser.page.wait_for_url(re.compile("/dashboard"))


def test_no_page_asked_anybody_outside(browser):
    browser.page.goto(f"{browser.root}/v2/dashboard")
    assert "已停用" in browser.page.inner_text("body")
    assert browser.outside == []


def test_the_papers_open_behind_the_same_password(desk, browser):
    home, _ = desk
    user, _, password = (home.private / "serve_password.txt").read_text(encoding="utf-8").partition(":")
    context = browser.page.context.browser.new_context(http_credentials={"username": user, "password": password},
                                                       accept_downloads=True)  # fmt: skip
    page = context.new_page()
    page.goto(f"{browser.root}/papers/2025-B3/v1")
    page.click("text=区级")
    with page.expect_download() as download:
        page.click("text=双月报上报稿.pdf")
    assert download.value.suggested_filename == "双月报上报稿.pdf"
    assert "2025-B3/v1/区级/双月报上报稿.pdf" in (home.private / "access.log").read_text(encoding="utf-8")
    context.close()
