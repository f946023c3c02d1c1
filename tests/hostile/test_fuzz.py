"""A seeded dose of damaged files. More by hand: `python -m tests.hostile.fuzz --first 100000 --count 20000`."""

from pathlib import Path

from tests.hostile.fuzz import fuzz, make_corpus

DOSE = 400


def test_no_damaged_file_ends_in_a_traceback_a_hang_or_a_lost_row(tmp_path: Path):
    found = fuzz(make_corpus(tmp_path), 0, DOSE)
    assert found["wrong"] == {}
    assert sum(found["ended"].values()) == DOSE
    assert found["ended"]["read"] > DOSE // 20 and found["ended"]["refused"] > DOSE // 20  # the damage is of all degrees
