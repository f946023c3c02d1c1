"""One name, four places: a comparison has its model, rules page and declaration, and finding.sql takes it in."""

from pathlib import Path

import pytest

from schemas.compared import CAUSES, COMPARISONS
from schemas.table import list_tables

ROOT = Path(__file__).parents[2]
COMPARED = ROOT / "transforms" / "compared"


@pytest.mark.parametrize("comparison", COMPARISONS.values(), ids=lambda comparison: comparison.id)
def test_every_comparison_has_its_model_and_page(comparison):
    assert (COMPARED / f"{comparison.id}.sql").exists()
    assert comparison.title in (COMPARED / f"{comparison.id}.md").read_text(encoding="utf-8")
    assert f"compared.{comparison.id}" in list_tables()
    if comparison.per_child:
        taken_in = (COMPARED / "finding.sql").read_text(encoding="utf-8")
        assert f"select '{comparison.id}' as comparison" in taken_in


def test_every_comparison_says_whether_its_register_came():
    coverage = (COMPARED / "coverage.sql").read_text(encoding="utf-8")
    assert [name for name in COMPARISONS if f"'{name}'" not in coverage] == []


def test_every_cause_the_models_propose_is_declared_with_its_evidence():
    text = (COMPARED / "explained.sql").read_text(encoding="utf-8")
    proposed = {word for word in ("重复", "证件错误", "数据未报送", "超龄", "迁出", "空挂户", "外地就读未转学", "外地就读有学籍", "疑似辍学")
                if f"then '{word}'" in text or f"else '{word}'" in text}  # fmt: skip
    assert proposed <= set(CAUSES) and len(proposed) == 9
