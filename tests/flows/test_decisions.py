"""What a person decides about a draft: sent back it is published nowhere; signed, only as it was seen."""

from __future__ import annotations

import json
from datetime import date

import pytest

from flows.bimonthly import report_period
from flows.decisions import Draft, read_draft
from flows.faults import PublicError
from flows.manifest import list_published
from flows.settings import Home
from flows.steps import Job
from schemas.bimester import Bimester
from tests.flows.world import PERIOD, Stages, deliver

NOW = Bimester.parse(PERIOD)


@pytest.fixture
def draft(home: Home, stages: Stages) -> Draft:
    deliver(home, PERIOD, 甲校=2)
    report_period(Job(home, NOW, say=lambda _: None, draft=True))
    found = read_draft(home, NOW)
    assert found is not None
    return found


def test_a_draft_sent_back_is_recorded_with_reason_person_and_time(home: Home, draft: Draft, monkeypatch: pytest.MonkeyPatch):
    from flows import signing
    from flows.forms import Back, Decision, SignOff

    told: list[str] = []
    monkeypatch.setattr(signing, "publish_note", told.append)
    form = SignOff(decision=Decision.back, why=Back.figures, reviewer=" 钱审核 ", signer="孙签发", 签发日期=date(2025, 7, 14))
    assert signing.carry_out(home, NOW, draft, form, lambda _: pytest.fail("it must not be published")) is None
    (record,) = json.loads((home.lake / "decisions" / PERIOD / "decisions.json").read_text(encoding="utf-8"))
    assert (record["decision"], record["why"], record["who"]["审核人"]) == ("退回", "数字有疑问", "钱审核")
    assert record["decided_at"].endswith("+08:00")
    assert "数字有疑问" in told[0] and list_published(home) == []


@pytest.mark.parametrize(("slip", "said"), [({"签发日期": date(2024, 7, 14)}, "不在2025年5—6月结束"), ({"signer": "  "}, "没有填")])
def test_a_slip_in_the_form_signs_nothing(home: Home, draft: Draft, slip: dict[str, object], said: str) -> None:
    from flows import signing
    from flows.forms import SignOff

    form = {"decision": "签发", "reviewer": "钱审核", "signer": "孙签发", "签发日期": date(2025, 7, 14), **slip}
    with pytest.raises(PublicError, match=said):
        signing.carry_out(home, NOW, draft, SignOff.model_validate(form), report_period)
    assert list_published(home) == [] and not (home.lake / "decisions" / PERIOD / "decisions.json").exists()


def test_a_day_before_the_period_ended_is_no_day_of_handing_up(home: Home, draft: Draft) -> None:
    from flows.forms import HandedUp
    from flows.signing import mark_sent

    report_period(Job(home, NOW, say=lambda _: None))
    request = {"year": 2025, "months": "5—6月", "to": "重庆市教育委员会", "on": "2024-07-12"}
    with pytest.raises(PublicError, match="没有登记"):
        mark_sent(home, HandedUp.model_validate(request))
    assert mark_sent(home, HandedUp.model_validate(request | {"on": "2025-07-12"})) == 1


def test_what_changed_since_it_was_seen_is_not_published_under_a_signature(home: Home, draft: Draft):
    from flows.decisions import Approval

    signed = Job(home, NOW, lambda _: None, approval=Approval("钱审核", "孙签发", date(2025, 7, 14)), reviewed=draft)
    deliver(home, PERIOD, 乙校=1)
    with pytest.raises(PublicError, match="送审之后收件或条件有变化"):
        report_period(signed)
    assert list_published(home) == []
    (home.inbox / PERIOD / "乙校.csv").unlink()
    assert report_period(signed).action == "publish"
    (manifest,) = list_published(home)
    assert dict(manifest.approval)["签发人"] == "孙签发" and manifest.inputs.issued == date(2025, 7, 14)
