"""What a browser reaches on this machine: Prefect's pages under a strict policy, and the papers behind the password.

Prefect's second set of pages calls an analytics host on every load and no setting stops it, so it is not served; the
policy makes a browser refuse such calls from any page.
"""

from __future__ import annotations

import base64
import html
import mimetypes
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from flows.commands import log_papers
from flows.settings import Home, find_home, prepare_home

PAPERS = "/papers"
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
OFFICIAL = {".docx", ".pdf", ".xlsx", ".txt"}


def create_app() -> Any:
    """Make the application that the served home's server runs."""
    from prefect.server.api.server import create_app as create_prefect

    return Guarded(create_prefect(final=True), prepare_home(find_home()), os.environ["PREFECT_SERVER_API_AUTH_STRING"])


class Guarded:
    """An ASGI application around Prefect's: no second set of pages, a policy on every answer, and the papers."""

    def __init__(self, app: Any, home: Home, password: str) -> None:
        self.app, self.home, self.password = app, home, password

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer one connection."""
        path = scope.get("path", "")
        if scope["type"] == "http" and (path == "/v2" or path.startswith("/v2/")):
            return await answer(send, 404, "这套页面会联系外网，已停用。请打开首页。")
        if scope["type"] == "http" and (path == PAPERS or path.startswith(f"{PAPERS}/")):
            return await self.show_papers(scope, send)

        async def send_guarded(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        await self.app(scope, receive, send_guarded)

    async def show_papers(self, scope: dict[str, Any], send: Any) -> None:
        """List a folder of papers or hand one out; each one handed out is a line in the access log."""
        if not is_let_in(scope, self.password):
            return await answer(send, 401, "请输入口令", (b"www-authenticate", b'Basic realm="baoxue", charset="UTF-8"'))
        wanted = unquote(scope["path"].removeprefix(PAPERS).strip("/"))
        found = find_paper(self.home.out, wanted)
        if found is None or scope["method"] not in ("GET", "HEAD"):
            return await answer(send, 404, "没有这个文件")
        if found.is_dir():
            return await answer(send, 200, list_folder(self.home.out, found))
        log_papers(self.home, found)
        kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
        name = quote(found.name)
        await answer(send, 200, found.read_bytes(), (b"content-disposition", f"attachment; filename*=UTF-8''{name}".encode()),
                     kind=kind)  # fmt: skip


def is_let_in(scope: dict[str, Any], password: str) -> bool:
    """Whether the request carries the password, as browsers send it."""
    given = dict(scope["headers"]).get(b"authorization", b"")
    return secrets.compare_digest(given, b"Basic " + base64.b64encode(password.encode()))


def find_paper(root: Path, wanted: str) -> Path | None:
    """Find a folder or paper below `root`; nothing hidden, nothing outside, nothing but papers."""
    path = (root / wanted).resolve()
    if not path.is_relative_to(root.resolve()) or any(part.startswith(".") for part in Path(wanted).parts):
        return None
    return path if path.is_dir() or (path.is_file() and path.suffix in OFFICIAL) else None


def list_folder(root: Path, folder: Path) -> str:
    """A plain page: the folder's folders, then its papers."""
    inner = [path for path in sorted(folder.iterdir(), key=lambda p: (p.is_file(), p.name)) if not path.name.startswith(".")]
    below = folder.resolve().relative_to(root.resolve())
    links = [f'<li><a href="{quote(f"{PAPERS}/{(below / path.name).as_posix()}")}">{html.escape(path.name)}</a></li>'
             for path in inner]  # fmt: skip
    up = "" if folder.resolve() == root.resolve() else f'<p><a href="{quote(f"{PAPERS}/{below.parent.as_posix()}")}">上一级</a></p>'
    return (f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>文稿</title><h1>文稿 {html.escape(str(below))}</h1>'
            f"{up}<ul>{''.join(links)}</ul><p>内有个人信息，下载均有记录，请妥善保管。</p></html>")


async def answer(send: Any, status: int, body: str | bytes, *headers: tuple[bytes, bytes], kind: str = "text/html") -> None:
    """Send one whole answer."""
    data = body if isinstance(body, bytes) else body.encode()
    kind = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    basic = [(b"content-type", kind.encode()), (b"content-length", str(len(data)).encode()), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": [*basic, *HEADERS, *headers]})
    await send({"type": "http.response.body", "body": data})
