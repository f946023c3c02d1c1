"""Tell the office by mail or robot that a run wants somebody: period, what happened, counts. Never a name."""

from __future__ import annotations

import json
import smtplib
import ssl
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage

from flows.faults import WrongSetting, write_private_log
from flows.options import Options, read_options
from flows.settings import Home

SECONDS = 20
EVENTS = {
    "refused": "未能出报",
    "failed": "运行出错",
    "waiting": "送审稿待签发",
    "overdue": "案件逾期",
    "late": "报送未齐",
}


@dataclass(frozen=True)
class News:
    """What is told: one of EVENTS, the period's label, and counts by their Chinese names. No free text."""

    event: str
    label: str
    counts: tuple[tuple[str, int], ...] = ()

    @property
    def subject(self) -> str:
        """One line."""
        return f"控辍保学：{self.label}{EVENTS[self.event]}"

    @property
    def body(self) -> str:
        """The counts and where to look."""
        lines = [f"{name}：{count}" for name, count in self.counts]
        return "\n".join([self.subject, *lines, "详情请在出报的电脑上查看，或运行 baoxue status。"])


def tell(home: Home, news: News) -> list[str]:
    """Send the news by every way that is set up; return the ways that worked. A way that fails never stops a run."""
    try:
        options = read_options(home)
    except WrongSetting as error:  # the run says which setting; this is about somebody's knowing of it
        write_private_log(home.private / "log", error)
        return []
    ways: dict[str, tuple[bool, Callable[[Home, Options, News], None]]] = {
        "邮件": (bool(options["邮件", "服务器"]), send_mail),
        "群机器人": (bool(options["群机器人", "地址"]), call_robot),
    }
    return [name for name, (is_set, send) in ways.items() if is_set and _try(home, options, news, send)]


def _try(home: Home, options: Options, news: News, send: Callable[[Home, Options, News], None]) -> bool:
    try:
        send(home, options, news)
    except Exception as error:  # whatever a server answers: http.client, ssl and email each raise their own
        write_private_log(home.private / "log", error)
        return False
    return True


def send_mail(home: Home, options: Options, news: News) -> None:
    """Send a plain mail through the office's SMTP server. Raises OSError or SMTPException."""
    message = EmailMessage()
    message["Subject"], message["From"] = news.subject, options["邮件", "发件人"]
    message["To"] = ", ".join(options["邮件", "收件人"])
    message.set_content(news.body)
    kind, place = options["邮件", "加密"], (options["邮件", "服务器"], options["邮件", "端口"])
    context = ssl.create_default_context()
    server = smtplib.SMTP_SSL(*place, timeout=SECONDS, context=context) if kind == "ssl" else smtplib.SMTP(*place, timeout=SECONDS)
    with server:
        if kind == "starttls":
            server.starttls(context=context)
        if account := options["邮件", "账号"]:
            password = (home.private / "mail_password.txt").read_text(encoding="utf-8").strip()
            server.login(account, password)
        server.send_message(message)


def call_robot(home: Home, options: Options, news: News) -> None:
    """Post a text message as 企业微信 and 钉钉 robots take it. Raises OSError on no answer or a refusal."""
    text = f"{options['群机器人', '关键词']}\n{news.body}"
    body = json.dumps({"msgtype": "text", "text": {"content": text}}, ensure_ascii=False).encode()
    address = options["群机器人", "地址"]
    if not address.startswith(("https://", "http://")):
        raise ValueError("not a web address")
    request = urllib.request.Request(address, body, {"Content-Type": "application/json; charset=utf-8"})
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        reply = json.loads(answer.read() or b"{}")
    if isinstance(reply, dict) and reply.get("errcode", 0) != 0:
        raise OSError(f"robot answered {reply['errcode']}")
