"""The flows under Prefect's harness, the schedule, and the guard that keeps personal data out of Prefect."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from flows.settings import Home
from tests.flows.world import PERIOD, Stages, deliver, make_home, query

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


@pytest.fixture
def city(stages: Stages, prefect_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Two districts under one roof; the comparison and the sum, proved in tests/municipal, are stubs that note their call."""

    def compare_registries(*_: object) -> None:
        stages.calls.append("compare")

    def publish_city(*_: object) -> None:
        stages.calls.append("sum")

    monkeypatch.setattr("flows.municipality.compare_registries", compare_registries)
    monkeypatch.setattr("flows.municipality.publish_city", publish_city)
    home = Home(tmp_path / "city")
    for name in ("荣昌区", "东区"):
        deliver(make_home(home.districts / name), PERIOD, 学籍=1)
    office = home.districts / "东区" / "templates" / "office.yaml"
    office.parent.mkdir()
    office.write_text("district: 东区\nissuer: 东区教育委员会\n", encoding="utf-8")
    monkeypatch.setenv("BAOXUE_HOME", str(home.root))
    return make_home(home.root)


def list_versions(city: Home) -> dict[str, list[int]]:
    from flows.manifest import list_published

    return {name: [m.version for m in list_published(Home(city.districts / name))] for name in ("荣昌区", "东区")}


def in_flow(do: Callable[[], object]) -> object:
    """Do it as a flow would: tasks and artifacts belong to one."""
    from prefect import flow

    @flow
    def trial() -> object:
        return do()

    return trial()


def rerun_city(district: str, mode: str = "发布") -> object:
    from flows import forms, served

    request = {"district": district, "year": 2025, "months": "5—6月", "mode": mode, "reason": "试运行"}
    return served.rerun(forms.Rerun.model_validate(request), return_state=True)


def test_a_citys_run_names_the_district_that_was_refused_and_sums_up_the_others(city: Home, stages: Stages):
    deliver(Home(city.districts / "东区"), PERIOD, 坏王小明=0)
    state = rerun_city("全市")
    assert state.is_failed() and "2025年5—6月东区：报送材料未通过检查" in state.message and "荣昌区" not in state.message
    assert list_versions(city) == {"荣昌区": [1], "东区": []}
    assert (stages.calls[0], stages.calls[-1]) == ("compare", "sum")
    text = dump_server()
    assert all(word in text for word in ("重跑-全市-2025-B3", '"跨区县比对"', '"荣昌区"', '"汇总各区县"', "/papers/%E5%8C%BA%E5%8E%BF/"))
    assert "王小明" not in text and "50015320150101" not in text


def test_one_district_of_a_city_is_run_alone(city: Home, stages: Stages):
    assert rerun_city("东区").result() == {"period": PERIOD, "districts": 1}
    assert list_versions(city) == {"荣昌区": [], "东区": [1]}
    assert "请在表单中选区县" in rerun_city("").message


def test_each_district_of_a_city_is_signed_for_by_itself_or_all_at_once(city: Home, stages: Stages, monkeypatch: pytest.MonkeyPatch):
    from flows import forms, served_city
    from flows.faults import PublicError
    from flows.manifest import list_published
    from flows.signing import list_waiting
    from schemas.bimester import Bimester

    asked: list[dict[str, object]] = []
    monkeypatch.setattr(served_city, "run_deployment", lambda _, parameters, **__: asked.append(parameters["送审稿"]))
    period = Bimester.parse(PERIOD)
    assert in_flow(lambda: served_city.draft_city(city, period)) == {"period": PERIOD, "drafts": 2}
    assert asked == [{"district": name, "year": 2025, "months": "5—6月"} for name in ("东区", "荣昌区")]
    assert list_versions(city) == {"荣昌区": [], "东区": []} and "sum" not in stages.calls
    waiting = list_waiting(served_city.find_homes(city), period)
    form = {"decision": "签发", "reviewer": "钱审核", "signer": "孙签发", "签发日期": "2025-07-14", "number": "教委〔2025〕18号"}
    with pytest.raises(PublicError, match="不填发文字号"):
        in_flow(lambda: served_city.sign_city(city, period, waiting, forms.SignOff.model_validate(form)))
    one = {"东区": waiting["东区"]}
    done = in_flow(lambda: served_city.sign_city(city, period, one, forms.SignOff.model_validate(form)))
    assert done == {"period": PERIOD, "published": 1}
    assert list(list_waiting(served_city.find_homes(city), period)) == ["荣昌区"]
    (manifest,) = list_published(Home(city.districts / "东区"))
    assert dict(manifest.approval)["发文字号"] == "教委〔2025〕18号" and list_versions(city)["荣昌区"] == []
    assert stages.calls[-1] == "sum"


def test_a_citys_forms_offer_its_districts_and_a_districts_form_none(city: Home, home: Home, monkeypatch: pytest.MonkeyPatch):
    from flows import forms

    for form, offered in ((forms.Rerun, ["全市", "东区", "荣昌区"]), (forms.Put, ["全市", "东区", "荣昌区"]), (forms.HandedUp, ["东区", "荣昌区"])):
        schema = form.model_json_schema()
        assert schema["properties"]["district"]["enum"] == offered and "district" in schema["required"]
    monkeypatch.setenv("BAOXUE_HOME", str(home.root))
    assert "district" not in forms.Rerun.model_json_schema()["properties"]


def test_a_nightly_look_goes_to_every_district(city: Home, stages: Stages):
    from flows.faults import PublicError
    from flows.lock import hold_home
    from flows.served_city import visit

    looked: list[str] = []

    def look(one: Home) -> None:
        with hold_home(one):
            looked.append(one.root.name)

    assert list(in_flow(lambda: visit(city, "", look))) == ["东区", "荣昌区"]
    with hold_home(Home(city.districts / "东区")), pytest.raises(PublicError, match=r"^东区：另一次运行正在进行[^；]*$"):
        in_flow(lambda: visit(city, "", look))
    assert looked == ["东区", "荣昌区", "荣昌区"]
