"""`baoxue serve`, really started: a draft waits for a signature, 重跑 and the nightly looks run, one stop ends all."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import polars as pl
import pytest

from flows.manifest import list_published
from flows.serving import is_free
from flows.settings import Home
from tests.extracts.books import make_id
from tests.flows.office import Office, find_port, serve, wait_for
from tests.flows.world import make_home
from tests.towns.delivery import write_delivery, write_table

pytestmark = pytest.mark.serve


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Office, subprocess.Popen[str]]]:
    home, port = make_home(tmp_path_factory.mktemp("served") / "home"), find_port()
    deliver_school(home.inbox / "2025-B3")
    with serve(home, port, home.root.parent / "connections.txt") as process:
        yield home, Office(home, port), process


def deliver_school(inbox: Path) -> None:
    """Two hundred and fifty boys of one school, thirty of them in no class: papers for two recipients name them."""
    boys = {f"{family}{given}{last}": make_id(2 * number + 1) for number, (family, given, last) in
            enumerate(product("赵钱孙李周", "一二三四五六七八九十", "虚构假想拟"))}  # fmt: skip
    roll = dict(list(boys.items())[30:])
    write_delivery(inbox, boys, roll)
    write_table(inbox / "学籍.csv", *(
        {"学校标识码": "3150000001", "年级": "3", "班级": "1班", "姓名": name, "性别": "男", "出生日期": "2015-09-01",
         "身份证件类型": "居民身份证", "身份证件号": number, "全国学籍号": f"G{number}", "监护人姓名": f"{name[0]}家长{name[1:]}",
         "监护人电话": f"139{number[-8:-1]}0", "学籍状态": "在读"} for name, number in roll.items()))  # fmt: skip


def test_a_scheduled_run_waits_for_a_signature_and_publishes_what_was_signed(office):
    home, desk, _ = office
    moment = {"type": "SCHEDULED", "state_details": {"scheduled_time": "2025-07-10T06:00:00+08:00"}}
    run_id = desk.start("双月报", {}, state=moment)
    paused = wait_for(lambda: desk.read_state(run_id, "PAUSED", "FAILED", "CRASHED", "COMPLETED"))
    assert paused["state"]["type"] == "PAUSED", paused["state"]["message"]
    assert list_published(home) == []
    assert (home.out / "2025-B3" / "draft" / "区级" / "双月报上报稿.pdf").exists()
    signed = {"decision": "签发", "reviewer": "钱审核", "signer": "孙签发", "签发日期": "2025-07-14", "number": "荣教委〔2025〕18号"}
    desk.call(f"/flow_runs/{run_id}/resume", {"run_input": signed})
    ended = wait_for(lambda: desk.read_state(run_id))
    assert ended["state"]["type"] == "COMPLETED", ended["state"]["message"]
    (manifest,) = list_published(home)
    assert dict(manifest.approval) == {"审核人": "钱审核", "签发人": "孙签发", "签发日期": "2025-07-14", "发文字号": "荣教委〔2025〕18号"}
    assert str(manifest.inputs.issued) == "2025-07-14"


def test_a_rerun_of_what_was_signed_publishes_nothing_new(office):
    home, desk, _ = office
    request = {"year": 2025, "months": "5—6月", "mode": "发布", "reason": "试运行"}
    ended = desk.run("重跑", {"要求": request})
    assert ended["state"]["type"] == "COMPLETED", ended["state"]["message"]
    assert ended["name"] == "重跑-2025-B3-v1-未变"
    assert [m.version for m in list_published(home)] == [1]


def test_nothing_is_shown_without_the_password_and_no_page_that_calls_out(office):
    _, desk, _ = office
    for path, status in (("/api/flow_runs/filter", 403), ("/api/admin/version", 401), ("/papers", 401), ("/v2/runs", 404)):
        with pytest.raises(urllib.error.HTTPError) as refused:
            body = b"{}" if path.endswith("filter") else None
            urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{desk.port}{path}", body), timeout=60)
        assert refused.value.code == status, path
        with refused.value as answer:
            assert "connect-src 'self'" in answer.headers["content-security-policy"]


def test_the_nightly_looks_run_and_the_schedule_has_its_runs(office):
    _, desk, _ = office
    for name in ("收件检查", "逾期提醒"):
        ended = desk.run(name, {})
        assert ended["state"]["type"] == "COMPLETED", ended["state"]["message"]
    scheduled = desk.call("/deployments/name/双月报/双月报")
    assert scheduled["schedules"][0]["schedule"]["timezone"] == "Asia/Shanghai"
    waiting = {"deployments": {"id": {"any_": [scheduled["id"]]}}, "limit": 5}
    assert wait_for(lambda: desk.call("/flow_runs/filter", waiting) or None)


def test_no_process_tried_to_reach_another_machine(office):
    home, _, _ = office
    tried = (home.root.parent / "connections.txt").read_text(encoding="utf-8").splitlines()
    assert len(tried) > 20  # the hook was on
    assert [line for line in tried if "127.0.0.1" not in line and "AF_UNIX" not in line and "localhost" not in line] == []


def test_prefect_keeps_nothing_of_any_child(office):
    home, desk, _ = office
    (home.inbox / "2025-B3" / "坏.xlsx").write_bytes(b"no spreadsheet")
    request = {"year": 2025, "months": "5—6月", "mode": "发布", "reason": "试运行"}
    assert desk.run("重跑", {"要求": request})["state"]["type"] == "FAILED"
    planted = read_planted(home)
    assert len(planted) > 1000 and {word[:3] for word in planted} >= {"赵一虚", "赵家长", "500", "G50", "139"}
    kept = b"\n".join(read_all(path) for path in (home.private / "prefect").rglob("*") if path.is_file())
    kept += (home.private / "log" / "server.txt").read_bytes()
    assert "重跑-2025-B3-v1".encode() in kept  # what is searched is what Prefect keeps
    assert [word for word in planted if word.encode() in kept] == []


def read_planted(home: Home) -> set[str]:
    """Every name of three characters or more, id and registry number that the sample planted."""
    words: set[str] = set()
    for path in (home.lake / "validated").glob("*/*/*.parquet"):
        frame = pl.read_parquet(path)
        for column in {"name", "id_number", "registry_number", "guardian_name", "guardian_phone"} & set(frame.columns):
            words |= set(frame[column].drop_nulls().cast(pl.String))
    return {word for word in words if len(word) >= 3}


def read_all(path: Path) -> bytes:
    """A file's bytes, and what Prefect has hidden in it as base64."""
    data = path.read_bytes()
    try:
        return data + base64.b64decode(json.loads(data)["result"])
    except (ValueError, KeyError, TypeError):
        return data


def test_one_stop_ends_all(office):
    _, desk, process = office
    process.send_signal(signal.SIGINT)
    assert process.wait(300) == 0
    assert is_free(desk.port)
