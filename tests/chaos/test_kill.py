"""A seeded dose of kills. A few hundred by hand: `python -m tests.chaos.kill --count 300`, and `--real`."""

import json
import os
import subprocess
import sys

import pytest


@pytest.mark.skipif(not hasattr(os, "fork"), reason="没有 fork（Windows），未做中断试验")
def test_a_run_killed_anywhere_leaves_the_publication_whole_and_the_next_run_mends_it():
    done = subprocess.run([sys.executable, "-m", "tests.chaos.kill", "--count", "12", "--seed", "7"],
                          capture_output=True, text=True, encoding="utf-8", check=False)  # fmt: skip
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    assert found["wrong"] == {}
    assert found["killed"] > 7
