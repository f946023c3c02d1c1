"""The flows under Prefect's harness, the schedule, and the guard that keeps personal data out of Prefect."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from flows.settings import Home
from tests.flows.world import PERIOD, Stages, deliver, query

BEIJING = ZoneInfo("Asia/Shanghai")
ID = "500153201501010011"


@pytest.fixture(scope="module")
def prefect_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, PREFECT_HOME, temporary_settings
    from prefect.testing.utilities import prefect_test_harness

    folder = tmp_path_factory.mktemp("prefect")
    with (
        temporary_settings({PREFECT_HOME: folder, PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
        prefect_test_harness(server_startup_timeout=300),
    ):
        yield folder


@pytest.fixture
def served(home: Home, stages: Stages, prefect_home: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("BAOXUE_HOME", str(home.root))
    return home


def rerun(mode: str = "发布") -> object:
    from flows import forms, served

    request = {"year": 2025, "months": "5—6月", "mode": mode, "reason": "试运行"}
    return served.rerun(forms.Rerun.model_validate(request), return_state=True)


def dump_server() -> str:
    """Everything the server's pages can show: runs, task runs, states, logs, artifacts."""
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        found = [*client.read_flow_runs(), *client.read_task_runs(), *client.read_artifacts(), *client.read_logs()]
    return "\n".join(item.model_dump_json() for item in found)


def test_a_rerun_publishes_with_a_task_for_each_step(served: Home):
    deliver(served, PERIOD, 学籍=2)
    state = rerun()
    assert state.is_completed()
    assert state.result() == {"period": PERIOD, "action": "publish", "version": 1, "papers": 1}
    assert query(served, "select count(*) from compared.finding") == [(2,)]
    text = dump_server()
    assert "重跑-2025-B3-v1" in text
    for task in ("接收文件", "校验", "编制文稿", "发布"):
        assert task in text
    assert '"99.80%"' in text.replace("\\", "")
    assert "虚学籍" not in text and "50015320150101" not in text


def test_a_fault_shows_no_personal_data_in_prefect(served: Home, stages: Stages, prefect_home: Path):
    deliver(served, PERIOD, 学籍=2)
    stages.fail_in, stages.fault = "build", ValueError(f"王小明 {ID}")
    state = rerun()
    assert state.is_failed()
    assert "步骤 build 出现意外错误（ValueError）" in state.message
    text = dump_server()
    for path in prefect_home.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            text += data.decode("latin-1") + decode_storage(data)
    assert ID not in text and "王小明" not in text
    assert served.database.exists() is False


def decode_storage(data: bytes) -> str:
    """Prefect's stored results are JSON around base64."""
    try:
        result = json.loads(data)["result"]
        return base64.b64decode(result).decode("latin-1")
    except (ValueError, KeyError, TypeError):
        return ""


def test_a_refusal_is_said_without_file_names(served: Home):
    deliver(served, PERIOD, 坏王小明=0)
    state = rerun()
    assert state.is_failed()
    assert "未通过检查" in state.message and "王小明" not in dump_server()
    assert "坏王小明.csv" in served.refusal(PERIOD).read_text(encoding="utf-8")


def test_a_draft_from_the_form_publishes_nothing(served: Home):
    deliver(served, PERIOD, 学籍=1)
    assert rerun("草稿").result()["action"] == "draft"
    assert not served.database.exists()


def test_the_form_is_chinese_with_lists():
    from flows.forms import Rerun

    schema = Rerun.model_json_schema()
    assert [field["title"] for field in schema["properties"].values() if "title" in field][:1] == ["年份"]
    assert schema["$defs"]["Months"]["enum"] == ["1—2月", "3—4月", "5—6月", "7—8月", "9—10月", "11—12月"]
    assert schema["$defs"]["Mode"]["enum"] == ["草稿", "发布"]


def test_the_next_six_scheduled_runs(home: Home):
    from prefect.server.schemas.schedules import CronSchedule

    from flows.options import read_options
    from flows.served import period_before
    from flows.serving import make_deployments

    (declared,) = [s.schedule for d in make_deployments(read_options(home)) for s in d.schedules if s.slug == "bimonthly"]
    schedule = CronSchedule(cron=declared.cron, timezone=declared.timezone)
    dates = asyncio.run(schedule.get_dates(6, datetime(2025, 6, 20, tzinfo=BEIJING)))
    assert [f"{day.astimezone(BEIJING):%Y-%m-%d %H:%M}" for day in dates] == [
        "2025-07-10 06:00", "2025-09-10 06:00", "2025-11-10 06:00",
        "2026-01-10 06:00", "2026-03-10 06:00", "2026-05-10 06:00",
    ]  # fmt: skip
    assert [str(period_before(day)) for day in dates] == [
        "2025-B3", "2025-B4", "2025-B5", "2025-B6", "2026-B1", "2026-B2"
    ]  # fmt: skip


def test_prefect_is_told_to_stay_on_this_machine(home: Home):
    from flows.serving import list_environment

    told = list_environment(home, 4300)
    assert told["PREFECT_API_URL"] == "http://127.0.0.1:4300/api"
    assert told["PREFECT_SERVER_API_HOST"] == "127.0.0.1"
    assert told["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert told["PREFECT_HOME"].startswith(str(home.private))
    assert told["PREFECT_API_AUTH_STRING"] == told["PREFECT_SERVER_API_AUTH_STRING"]
    assert told["PREFECT_SERVER_CSRF_PROTECTION_ENABLED"] == "true"


def test_the_password_is_made_once_and_is_the_owners_alone(home: Home):
    from flows.serving import read_password

    made = read_password(home)
    assert made == read_password(home)
    assert made.startswith("admin:") and len(made) > 25


def test_the_office_sets_day_and_hour(home: Home):
    from flows.options import read_options
    from flows.serving import make_deployments

    home.options.write_text("定时:\n  几日: 12\n  几点: 8\n", encoding="utf-8")
    crons = {s.slug: s.schedule.cron for d in make_deployments(read_options(home)) for s in d.schedules}
    assert crons["bimonthly"] == "0 8 12 1-11/2 *"
    assert crons["clocks"] == "30 7 * * *"


def test_of_missed_runs_only_the_last_of_each_schedule_stays():
    from flows.serving import list_superseded

    missed = [("r1", "双月报", 1), ("r3", "双月报", 3), ("n9", "收件检查", 9), ("r2", "双月报", 2)]
    assert sorted(list_superseded(missed)) == ["r1", "r2"]


def test_backfill_runs_its_range_oldest_first(served: Home):
    from flows import forms
    from flows import served as flows

    for period in ("2025-B1", "2025-B2", PERIOD):
        deliver(served, period, 学籍=1)
    request = {"first_year": 2025, "first_months": "3—4月", "last_year": 2025, "last_months": "5—6月", "reason": "试运行"}
    done = flows.backfill(forms.Backfill.model_validate(request))
    assert [(each["period"], each["papers"]) for each in done] == [("2025-B2", 0), (PERIOD, 1)]


def test_a_version_handed_up_is_what_later_periods_compare_with(served: Home):
    from flows import forms
    from flows import served as flows
    from flows.manifest import newest_version
    from schemas.bimester import Bimester

    deliver(served, "2025-B2", 学籍=1)
    rerun_period(served, "3—4月")
    deliver(served, "2025-B2", 补报=1)
    rerun_period(served, "3—4月")
    request = {"year": 2025, "months": "3—4月", "version": 1, "to": "重庆市教育委员会", "on": "2025-05-12"}
    assert flows.record_sent(forms.HandedUp.model_validate(request)) == {"period": "2025-B2", "version": 1}
    deliver(served, PERIOD, 学籍=1)
    assert rerun().result()["action"] == "publish"
    assert newest_version(served, Bimester.parse(PERIOD)).inputs.sent == (("2025-B2", 1),)


def rerun_period(home: Home, months: str) -> None:
    from flows import forms, served

    served.rerun(forms.Rerun.model_validate({"year": 2025, "months": months, "mode": "发布", "reason": "试运行"}))


def test_a_version_that_is_not_there_cannot_be_handed_up(served: Home):
    from flows import forms
    from flows import served as flows

    request = {"year": 2025, "months": "5—6月", "version": 4, "to": "重庆市教育委员会", "on": "2025-07-12"}
    state = flows.record_sent(forms.HandedUp.model_validate(request), return_state=True)
    assert state.is_failed() and "没有第4版" in state.message
