"""What stands between a browser and Prefect's pages, around a stand-in for Prefect."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from flows.settings import Home, prepare_home
from flows.web import Guarded, wait_to_write

PAGE = b"<!doctype html><html><head><title>Prefect</title></head></html>"
TOLD = {"default_ui": "v1", "available_uis": ["v1", "v2"], "v1_base_url": "/", "v2_base_url": "/v2", "csrf_enabled": True}


async def stand_in(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer as Prefect does: by the browser's choice, in two parts."""
    if scope["path"].startswith("/api"):
        await send({"type": "http.response.start", "status": 401, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": b'{"exception_message":"Unauthorized"}'})
        return
    chosen = b"prefect_ui_version=v2" in dict(scope["headers"]).get(b"cookie", b"")
    body = json.dumps(TOLD).encode() if scope["path"] == "/ui-settings" else PAGE
    await send({"type": "http.response.start", "status": 307 if chosen else 200,
                "headers": [(b"content-length", str(len(body)).encode()), (b"etag", b"old")]})  # fmt: skip
    await send({"type": "http.response.body", "body": body[:9], "more_body": True})
    await send({"type": "http.response.body", "body": body[9:]})


def ask(home: Home, path: str, host: str = "127.0.0.1:4200", **headers: str) -> httpx.Response:
    async def get() -> httpx.Response:
        app = Guarded(stand_in, home, "admin:x")
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=f"http://{host}") as client:
            return await client.get(path, headers=headers)

    return asyncio.run(get())


def test_the_pages_are_not_told_of_a_second_set(home: Home):
    assert ask(home, "/ui-settings").json() == {**TOLD, "available_uis": ["v1"], "v2_base_url": None}


def test_a_browser_that_chose_the_second_set_comes_back(home: Home):
    assert ask(home, "/", accept="text/html", cookie="prefect_ui_version=v2").status_code == 200
    shown = ask(home, "/v2/dashboard", accept="text/html")
    assert shown.status_code == 404 and "已停用" in shown.text and "url=/dashboard" in shown.text
    assert shown.headers["set-cookie"].startswith("prefect_ui_version=; Path=/; Max-Age=0")


def test_a_page_opens_without_advertisement_and_whole(home: Home):
    shown = ask(home, "/dashboard", accept="text/html")
    assert "prefect-show-promotional-content','false'" in shown.text.partition("<title>")[0]
    assert shown.text.endswith("</head></html>") and "etag" not in shown.headers
    assert int(shown.headers["content-length"]) == len(shown.content)
    assert "default-src 'self'" in shown.headers["content-security-policy"]


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1:4200", 200), ("localhost:4200", 200), ("evil.example", 400)])
def test_only_this_machines_names_lead_here(home: Home, host: str, status: int):
    shown = ask(home, "/dashboard", host)
    assert shown.status_code == status
    assert status == 200 or ("请用 http://127.0.0.1:" in shown.text and "Invalid" not in shown.text)


def test_a_person_is_told_in_chinese_and_a_script_as_prefect_says(home: Home):
    shown = ask(home, "/api/flow_runs", accept="text/html")
    assert shown.status_code == 401 and "要先登录" in shown.text and "Unauthorized" not in shown.text
    assert shown.headers["content-type"].startswith("text/html")
    assert ask(home, "/api/flow_runs", accept="application/json").json() == {"exception_message": "Unauthorized"}


def test_a_socket_by_another_name_is_closed(home: Home):
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/api/events", "headers": [(b"host", b"evil.example")]}
    asyncio.run(Guarded(stand_in, home, "admin:x")(scope, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize("path", ["/papers/%00", "/papers/" + "a" * 5000, "/papers/..%2fprivate", "/papers/.x"])
def test_what_names_no_paper_is_not_there(home: Home, path: str):
    assert ask(home, path, authorization="Basic YWRtaW46eA==").status_code == 404


def test_a_citys_papers_lie_under_its_districts_names(home: Home):
    one = prepare_home(Home(home.districts / "东区"))
    paper = one.out / "2025-B3" / "v1" / "区级" / "双月报上报稿.pdf"
    paper.parent.mkdir(parents=True)
    paper.write_bytes(b"%PDF")
    let_in = {"authorization": "Basic YWRtaW46eA=="}
    for page, link in (("", "区县的文稿"), ("/区县", "东区"), ("/区县/东区", "2025-B3"), ("/区县/东区/2025-B3/v1/区级", "双月报上报稿.pdf")):
        shown = ask(home, f"/papers{page}", **let_in)
        assert shown.status_code == 200 and f">{link}</a>" in shown.text, page
    assert quote("/papers/区县/东区/2025-B3") in ask(home, "/papers/区县/东区", **let_in).text
    assert ask(home, "/papers/区县/东区/2025-B3/v1/区级/双月报上报稿.pdf", **let_in).content == b"%PDF"
    assert "双月报上报稿.pdf" in (one.private / "access.log").read_text("utf-8") and not (home.private / "access.log").exists()
    for path in ("/papers/区县/南区", "/papers/区县/东区/..%2f..%2fprivate", "/papers/区县/..%2f..%2fdistricts"):
        assert ask(home, path, **let_in).status_code == 404, path


def test_two_who_read_and_then_write_wait_for_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import sqlalchemy as sa
    from prefect.server.database import dependencies
    from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL, temporary_settings

    monkeypatch.setattr(dependencies, "MODELS_DEPENDENCIES", dict(dependencies.MODELS_DEPENDENCIES))
    with temporary_settings({PREFECT_API_DATABASE_CONNECTION_URL: f"sqlite+aiosqlite:///{tmp_path}/prefect.db"}):
        wait_to_write()
        database = dependencies.provide_database_interface()

        async def count_up() -> None:
            async with database.session_context(begin_transaction=True) as session:
                (seen,) = (await session.execute(sa.text("select n from counter"))).one()
                await asyncio.sleep(0.2)  # in which the other may write
                await session.execute(sa.text(f"update counter set n = {seen} + 1"))

        async def count_twice() -> Any:
            async with database.session_context(begin_transaction=True) as session:
                await session.execute(sa.text("create table counter as select 0 as n"))
            await asyncio.gather(count_up(), count_up())
            async with database.session_context() as session:
                return (await session.execute(sa.text("select n from counter"))).scalar_one()

        assert asyncio.run(count_twice()) == 2
