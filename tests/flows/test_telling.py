"""Mail and robot say that somebody is wanted: period, event and counts, whatever the server does."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest

from flows.settings import Home
from flows.telling import News, tell

NEWS = News("overdue", "2025年5—6月", (("逾期案件", 12), ("其中劝返中", 3)))


class Robot(BaseHTTPRequestHandler):
    got: ClassVar[list[dict]] = []
    answer = b'{"errcode": 0}'

    def do_POST(self) -> None:
        self.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *_: object) -> None:
        pass


class Mail(socketserver.StreamRequestHandler):
    """Just enough of an SMTP server to take one message."""

    got: ClassVar[list[str]] = []

    def handle(self) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # a sender may hang up
            self._talk()

    def _talk(self) -> None:
        self.wfile.write(b"220 office\r\n")
        while line := self.rfile.readline().strip():
            word = line.split()[0].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (line := self.rfile.readline()).strip() != b".":
                    lines.append(line.decode())
                self.got.append("".join(lines))
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return


@pytest.fixture
def robot() -> Iterator[HTTPServer]:
    Robot.got.clear()
    Robot.answer = b'{"errcode": 0}'
    server = HTTPServer(("127.0.0.1", 0), Robot)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def mail() -> Iterator[socketserver.TCPServer]:
    Mail.got.clear()
    server = socketserver.TCPServer(("127.0.0.1", 0), Mail)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def _set(home: Home, text: str) -> None:
    home.options.write_text(text, encoding="utf-8")


def test_a_home_without_settings_tells_nobody(home: Home):
    assert tell(home, NEWS) == []


def test_a_robot_hears_the_counts(home: Home, robot: HTTPServer):
    _set(home, f"群机器人:\n  地址: http://127.0.0.1:{robot.server_port}/send\n")
    assert tell(home, NEWS) == ["群机器人"]
    assert Robot.got == [{"msgtype": "text", "text": {"content": "控辍保学\n控辍保学：2025年5—6月案件逾期\n逾期案件：12\n"
                          "其中劝返中：3\n详情请在出报的电脑上查看，或运行 baoxue status。"}}]  # fmt: skip


def test_a_robot_that_refuses_stops_nothing(home: Home, robot: HTTPServer):
    Robot.answer = b'{"errcode": 310000, "errmsg": "keywords not in content"}'
    _set(home, f"群机器人:\n  地址: http://127.0.0.1:{robot.server_port}/send\n")
    assert tell(home, NEWS) == []
    assert len(list((home.private / "log").glob("*.txt"))) == 1


def test_a_mail_goes_through_the_office_server(home: Home, mail: socketserver.TCPServer):
    _set(home, f"邮件:\n  服务器: 127.0.0.1\n  端口: {mail.server_address[1]}\n  加密: none\n  发件人: bao@jw.invalid\n"
               "  收件人:\n  - a@jw.invalid\n  - b@jw.invalid\n")  # fmt: skip
    assert tell(home, NEWS) == ["邮件"]
    (message,) = Mail.got
    assert "To: a@jw.invalid, b@jw.invalid" in message
    assert "Subject: =?utf-8?" in message


def test_a_server_that_does_not_answer_stops_nothing(home: Home):
    _set(home, "邮件: {服务器: 127.0.0.1, 端口: 9, 加密: none, 发件人: bao@jw.invalid, 收件人: [a@jw.invalid]}\n"
               "群机器人: {地址: 'http://127.0.0.1:9/'}\n")  # fmt: skip
    assert tell(home, NEWS) == []


@pytest.mark.parametrize("address", ["http://127.0.0.1:99999/", "http://a b/", "http://[::1", "http://127.0.0.1:x/"])
def test_an_address_that_cannot_be_stops_nothing(home: Home, address: str):
    _set(home, f"群机器人: {{地址: '{address}'}}\n")
    assert tell(home, NEWS) == []


def test_an_answer_that_is_no_web_page_stops_nothing(home: Home, mail: socketserver.TCPServer):
    _set(home, f"群机器人: {{地址: 'http://127.0.0.1:{mail.server_address[1]}/'}}\n")
    assert tell(home, NEWS) == []


def test_settings_that_cannot_be_read_stop_nothing_here(home: Home):
    _set(home, "邮件: {服务器: 127.0.0.1\n")
    assert tell(home, NEWS) == []
