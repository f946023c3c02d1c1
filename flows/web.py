"""What a browser reaches on this machine: Prefect's pages under a strict policy, and the papers behind the password.

Prefect's second set of pages calls an analytics host on every load and no setting stops it, so it is not served, and the
first set is not told of it; the policy makes a browser refuse such calls from any page.
"""

from __future__ import annotations

import base64
import html
import json
import mimetypes
import os
import secrets
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, unquote

from flows.commands import log_papers
from flows.municipality import list_districts
from flows.settings import DISTRICTS, Home, find_home, prepare_home

PAPERS = "/papers"
SETTINGS = "/ui-settings"
POLICY = "; ".join((
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",  # Prefect's pages are built so
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "worker-src 'self' blob:",
    "connect-src 'self' ws://127.0.0.1:*",
    "frame-ancestors 'none'",
    "base-uri 'self'",
    "form-action 'self'",
))  # fmt: skip
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
HOSTS = ("127.0.0.1", "localhost")  # another name that leads here is another site's trick
CHOICE = "prefect_ui_version"  # the cookie in which a browser keeps the second set of pages
BACK = ('<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="3;url=/dashboard">'
        "<title>已停用</title><p>这套页面会联系外网，已停用。</p>"
        '<p><a href="/dashboard">回到首页</a>（3秒后自动转到）</p></html>')  # fmt: skip
# Kept in the browser before its first page, or a toast advertises a service on the net.
QUIET = b"<script>localStorage.setItem('prefect-show-promotional-content','false')</script>"
# What a person sees who was led to a place that pages' scripts ask; the scripts get Prefect's own words.
FAULTS = {401: "要先登录", 403: "不许这样打开", 404: "没有这个页面", 500: "服务出了错，原因记在 private/log/server.txt"}
OFFICIAL = {".docx", ".pdf", ".xlsx", ".txt"}


def create_app() -> Any:
    """Make the application that the served home's server runs."""
    from prefect.server.api.server import create_app as create_prefect

    wait_to_write()
    return Guarded(create_prefect(final=True), prepare_home(find_home()), os.environ["PREFECT_SERVER_API_AUTH_STRING"])


def wait_to_write() -> None:
    """Have Prefect's changes wait for each other from their start.

    Its transactions read first and write later. In between another may have written, and then SQLite refuses at once, whatever
    its patience: "database is locked", a 503 that Prefect's client asks again after and its pages do not, so that a signature
    was lost. One that begins as a writer waits its turn.
    """
    from prefect.server.database.configurations import AioSqliteConfiguration
    from prefect.server.database.dependencies import MODELS_DEPENDENCIES
    from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL

    class Waiting(AioSqliteConfiguration):
        def begin_transaction(self, session: Any, with_for_update: bool = False) -> Any:
            return super().begin_transaction(session, with_for_update=True)

    if (url := PREFECT_API_DATABASE_CONNECTION_URL.value()).startswith("sqlite"):
        MODELS_DEPENDENCIES["database_config"] = Waiting(connection_url=url)


class Guarded:
    """An ASGI application around Prefect's: no second set of pages, a policy on every answer, and the papers."""

    def __init__(self, app: Any, home: Home, password: str) -> None:
        self.app, self.home, self.password = app, home, password

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer one connection."""
        path = scope.get("path", "")
        if scope["type"] in ("http", "websocket") and not is_for_us(scope):
            return await turn_away(scope, receive, send)
        if scope["type"] == "http" and (path == "/v2" or path.startswith("/v2/")):
            return await answer(send, 404, BACK, (b"set-cookie", f"{CHOICE}=; Path=/; Max-Age=0; SameSite=Lax".encode()))
        if scope["type"] == "http" and (path == PAPERS or path.startswith(f"{PAPERS}/")):
            return await self.show_papers(scope, send)

        async def send_guarded(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        if scope["type"] == "http" and is_for_pages(scope):
            return await self.app(as_plain(scope), receive, hold_whole(send_guarded, path))
        await self.app(scope, receive, send_guarded)

    async def show_papers(self, scope: dict[str, Any], send: Any) -> None:
        """List a folder of papers or hand one out; each one handed out is a line in the access log."""
        if not is_let_in(scope, self.password):
            return await answer(send, 401, "请输入口令", (b"www-authenticate", b'Basic realm="baoxue", charset="UTF-8"'))
        wanted = unquote(scope["path"].removeprefix(PAPERS).strip("/"))
        if wanted == DISTRICTS and self.home.is_city:
            return await answer(send, 200, list_shelves(self.home))
        home, place = find_shelf(self.home, wanted)
        found = find_paper(home.out, wanted.removeprefix(place).strip("/"))
        if found is None or scope["method"] not in ("GET", "HEAD"):
            return await answer(send, 404, "没有这个文件")
        if found.is_dir():
            return await answer(send, 200, list_folder(home, found, place))
        log_papers(home, found)
        kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
        name = quote(found.name)
        await answer(send, 200, found.read_bytes(), (b"content-disposition", f"attachment; filename*=UTF-8''{name}".encode()),
                     kind=kind)  # fmt: skip


def is_for_us(scope: dict[str, Any]) -> bool:
    """Whether this machine was asked for by a name of its own."""
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    return host.partition(":")[0] in HOSTS


async def turn_away(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer who came by another name."""
    if scope["type"] == "websocket":
        await receive()
        return await send({"type": "websocket.close", "code": 1008})
    port = scope["server"][1] if scope.get("server") else 4200
    here = f"http://{HOSTS[0]}:{port}"
    await answer(send, 400, say_fault(400, f"请用 {here} 打开", here))


def say_fault(status: int, text: str, link: str = "/dashboard") -> str:
    """A plain page in Chinese."""
    return (f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{status}</title><p>{html.escape(text)}（{status}）。</p>'
            f'<p><a href="{html.escape(link)}">打开首页</a></p></html>')  # fmt: skip


def is_for_pages(scope: dict[str, Any]) -> bool:
    """Whether a page, or what the pages ask about themselves, is asked for."""
    return scope["path"] == SETTINGS or b"text/html" in dict(scope["headers"]).get(b"accept", b"")


def as_plain(scope: dict[str, Any]) -> dict[str, Any]:
    """The request without the choice of the second set of pages, answered whole and unpacked."""
    dropped = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
    kept = [(name, value) for name, value in scope["headers"] if name not in dropped]
    return {**scope, "headers": [pair for pair in kept if pair[0] != b"cookie" or CHOICE.encode() not in pair[1]]}


def hold_whole(send: Any, path: str) -> Any:
    """Hold an answer until it is whole, mend it and send it on."""
    head: dict[str, Any] = {}
    parts: list[bytes] = []

    async def hold(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            head.update(message)
            return
        parts.append(message.get("body", b""))
        if message.get("more_body"):
            return
        body = mend(b"".join(parts), path)
        dropped, added = [b"content-length", b"etag", b"last-modified"], []
        if head["status"] >= 400 and path != SETTINGS:
            body = say_fault(head["status"], FAULTS.get(head["status"], "打不开")).encode()
            dropped, added = [*dropped, b"content-type"], [(b"content-type", b"text/html; charset=utf-8")]
        kept = [(name, value) for name, value in head["headers"] if name.lower() not in dropped]
        await send({**head, "headers": [*kept, *added, (b"content-length", str(len(body)).encode())]})
        await send({"type": "http.response.body", "body": body})

    return hold


def mend(body: bytes, path: str) -> bytes:
    """A page that advertises nothing; settings that know of no second set of pages."""
    if path != SETTINGS:
        return body.replace(b"<head>", b"<head>" + QUIET, 1)
    try:
        settings = json.loads(body)
    except ValueError:
        return body
    return json.dumps({**settings, "default_ui": "v1", "available_uis": ["v1"], "v2_base_url": None}).encode()


def is_let_in(scope: dict[str, Any], password: str) -> bool:
    """Whether the request carries the password, as browsers send it."""
    given = dict(scope["headers"]).get(b"authorization", b"")
    return secrets.compare_digest(given, b"Basic " + base64.b64encode(password.encode()))


def find_paper(root: Path, wanted: str) -> Path | None:
    """Find a folder or paper below `root`; nothing hidden, nothing outside, nothing but papers."""
    try:
        path = (root / wanted).resolve()
        if not path.is_relative_to(root.resolve()) or any(part.startswith(".") for part in Path(wanted).parts):
            return None
        return path if path.is_dir() or (path.is_file() and path.suffix in OFFICIAL) else None
    except (ValueError, OSError):  # no name of a file at all: with a null in it, or beyond measure
        return None


def find_shelf(home: Home, wanted: str) -> tuple[Home, str]:
    """Find the home whose papers are wanted, and under what name they lie: a municipality's districts' lie under their own."""
    first, name, *_ = [*wanted.split("/"), ""]
    if home.is_city and first == DISTRICTS and name in {district.name for district in list_districts(home)}:
        return Home(home.districts / name), f"{first}/{name}"
    return home, ""


def list_shelves(home: Home) -> str:
    """A plain page: a municipality's districts."""
    return _list_page(DISTRICTS, [(f"{DISTRICTS}/{district.name}", district.name) for district in list_districts(home)], "")


def list_folder(home: Home, folder: Path, place: str = "") -> str:
    """A plain page: the folder's folders, then its papers; `place`: under what name the home's papers lie."""
    inner = [path for path in sorted(folder.iterdir(), key=lambda p: (p.is_file(), p.name)) if not path.name.startswith(".")]
    root = home.out.resolve()
    below = PurePosixPath(place) / folder.resolve().relative_to(root).as_posix()
    links = [((below / path.name).as_posix(), path.name) for path in inner]
    is_top = folder.resolve() == root
    if is_top and home.is_city:
        links.append((DISTRICTS, f"{DISTRICTS}的文稿"))
    return _list_page(str(below), links, None if is_top and not place else below.parent.as_posix())


def _list_page(title: str, links: list[tuple[str, str]], above: str | None) -> str:
    listed = "".join(f'<li><a href="{quote(f"{PAPERS}/{path}")}">{html.escape(name)}</a></li>' for path, name in links)
    up = "" if above is None else f'<p><a href="{quote(f"{PAPERS}/{above}")}">上一级</a></p>'
    return (f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>文稿</title><h1>文稿 {html.escape(title)}</h1>'
            f"{up}<ul>{listed}</ul><p>内有个人信息，下载均有记录，请妥善保管。</p></html>")


async def answer(send: Any, status: int, body: str | bytes, *headers: tuple[bytes, bytes], kind: str = "text/html") -> None:
    """Send one whole answer."""
    data = body if isinstance(body, bytes) else body.encode()
    kind = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    basic = [(b"content-type", kind.encode()), (b"content-length", str(len(data)).encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": [*basic, *HEADERS, *headers]})
    await send({"type": "http.response.body", "body": data})
