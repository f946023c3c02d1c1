"""What linking finds, measured: on the public Febrl 4 set, and on planted errors in Chinese names."""

import pytest

from schemas.linking import CHILDREN, CONFIDENCE
from tests.linking.febrl import FEBRL, measure_febrl
from tests.linking.planted import measure_planted


def test_febrl_4():
    """Strangers can compare: the same engine, with the traits of that set."""
    found = measure_febrl()
    assert found.precision >= 0.999 and found.recall >= 0.995, found


def test_planted_name_errors():
    """Nobody is proposed for a true dropout; what is missed has another guardian, phone or birth date besides."""
    proposed, by_kind, shown = measure_planted()
    assert proposed.precision >= 0.995, proposed
    assert proposed.recall >= 0.90, proposed
    assert shown.recall >= 0.95, shown
    assert [kind for kind, found in by_kind.items() if not found.there] == [], "every kind of error is planted"
    assert {kind: str(found) for kind, found in by_kind.items() if found.precision < 0.99} == {}


def test_same_records_same_links():
    assert measure_planted(900) == measure_planted(900)


@pytest.mark.parametrize("linkage", [CHILDREN, FEBRL], ids=["children", "febrl"])
def test_parameters_are_shares(linkage):
    """m and u of a trait are shares of pairs: positive, and with what they leave over they make one."""
    for trait in linkage.traits:
        shares = [(level.m, level.u) for level in trait.levels] + [trait.rest]
        assert all(0 < m < 1 and 0 < u < 1 for m, u in shares), trait.name
        assert abs(sum(m for m, _ in shares) - 1) < 1e-9 and abs(sum(u for _, u in shares) - 1) < 1e-9
    assert [least for _, least in CONFIDENCE] == sorted((least for _, least in CONFIDENCE), reverse=True)
