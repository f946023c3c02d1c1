"""A paper that cannot be made, and words that are wrong, stop the publication before anything of it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.bimonthly import report_period
from flows.faults import PublicError
from flows.settings import Home
from flows.steps import Job
from schemas.bimester import Bimester
from tests.flows.world import Stages, deliver
from transforms.documents.batch import PaperFault


def test_such_a_paper_stops_the_publication(home: Home, stages: Stages, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object, **__: object) -> list[Path]:
        raise PaperFault("学校/甲 的文稿不能生成：模板 一月一报告.md.j2 第9行：没有“absnt”这个数据项")

    monkeypatch.setattr("transforms.documents.recipients.write_recipient_papers", fail)
    deliver(home, "2025-B3", 学籍=2, 底册=1)
    with pytest.raises(PublicError, match="学校/甲 的文稿不能生成：模板 一月一报告"):
        report_period(Job(home, Bimester.parse("2025-B3"), lambda _: None))
    assert not home.papers("2025-B3", 1).exists() and not home.database.exists()


def test_words_that_are_wrong_stop_the_run_before_it_builds(home: Home, stages: Stages):
    deliver(home, "2025-B3", 学籍=2, 底册=1)
    home.templates.mkdir()
    (home.templates / "情况通报函.md.j2").write_text('---\n标题: "函"\n---\n{{ townshp }}\n', encoding="utf-8")
    with pytest.raises(PublicError, match=r"模板 情况通报函\.md\.j2 第4行：没有“townshp”这个数据项"):
        report_period(Job(home, Bimester.parse("2025-B3"), lambda _: None))
    assert "build" not in stages.calls and not home.papers("2025-B3", 1).exists()
