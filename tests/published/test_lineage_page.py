"""The page of lineage leads to what it names."""

import re
from pathlib import Path

from transforms.published.dictionary import write_lineage

ROOT = Path(__file__).parents[2]


def test_every_model_is_linked_to_the_file_that_makes_it():
    linked = re.findall(r"\[`([^`]+)`\]\(\.\./(transforms/[^)]+)\)", write_lineage())
    assert dict(linked)["compared.linked"] == "transforms/compared/linked.py"
    assert [path for _, path in linked if not (ROOT / path).is_file()] == []
