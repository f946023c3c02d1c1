"""`baoxue explore`: a local page on the analysts' file. One process, this machine only, behind a password, nothing sent out."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from flows.faults import WrongUse
from flows.serving import LOOPBACK, is_free
from flows.settings import PROJECT, Home
from flows.web import HEADERS, answer

APP = Path(__file__).with_name("explore_app.py")
LOGIN = "/auth/login"
# What marimo puts on a page of its own is in English and of no use here.
LOOK = """<style>[data-testid="notebook-actions-dropdown"], #App > div:first-child > button, [data-testid="watermark"]
{ display: none !important; }</style>"""
PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>控辍保学 数据查看</title>
<body style="font-family: sans-serif; display: flex; justify-content: center; padding-top: 20vh">
<form method="post"><p>请输入口令（在启动 baoxue explore 的窗口里）</p>
<input name="password" type="password" autofocus><button>进入</button><p style="color: #b0122b">{error}</p></form></body></html>"""


def explore_home(home: Home, port: int, say: Callable[[str], None]) -> None:
    """Serve the page until interrupted. It writes nothing into the home. Raises WrongUse."""
    if not home.database.exists():
        raise WrongUse(f"{home.root} 中还没有分析文件，请先用 baoxue run 发布一期")
    if not is_free(port):
        raise WrongUse(f"端口 {port} 已被占用：若是另一个 baoxue explore，先停掉它；否则用 --port 换一个")
    token = secrets.token_urlsafe(18)
    with tempfile.TemporaryDirectory(prefix="baoxue-explore-") as scratch:
        os.environ.update(list_environment(home, scratch))
        import uvicorn

        config = uvicorn.Config(create_app(token), log_level="error", access_log=False, timeout_graceful_shutdown=2)
        server = uvicorn.Server(config)
        listening = socket.create_server((LOOPBACK, port))  # whoever opens the address at once waits, and is not refused
        say(f"已启动，用浏览器打开：http://{LOOPBACK}:{port}/?access_token={token}")
        say("只在本机可见，只读，不联外网。按 Ctrl-C 停止")
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listening])
    say("已停止")
    sys.stdout.flush()
    os._exit(0)  # marimo's threads wait for work that never comes, and would keep the process


def list_environment(home: Home, scratch: str) -> dict[str, str]:
    """Where the page finds the file, and where marimo may keep its own small things: gone when it stops."""
    path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH", "")]))
    kept = {f"XDG_{kind}_HOME": scratch for kind in ("CONFIG", "STATE", "CACHE", "DATA")}
    return {"BAOXUE_HOME": str(home.root), "PYTHONPATH": path, "MARIMO_SKIP_UPDATE_CHECK": "1", **kept}


def create_app(token: str) -> Any:
    """Make the application: marimo's, behind a password, under the policy of our own pages."""
    import marimo

    inner = marimo.create_asgi_app(quiet=True, token=token, html_head=LOOK).with_app(path="/", root=str(APP)).build()
    return Guarded(inner)


class Guarded:
    """An ASGI application around marimo's: a policy on every answer, so that a browser refuses to reach out, and its sign-in
    page in Chinese.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer one connection."""
        is_login = scope["type"] == "http" and scope["path"] == LOGIN
        replaced = False

        async def send_guarded(message: dict[str, Any]) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start":
                if is_login and message["status"] not in (302, 303):  # not let in: the form, whatever was wrong
                    replaced = True
                    return
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            if replaced:
                if not message.get("more_body"):
                    await answer(send, 200, PAGE.format(error="口令不对" if scope["method"] == "POST" else ""))
                return
            await send(message)

        await self.app(scope, receive, send_guarded)
