"""The invented district over the whole horizon. A pure function of the seed and the number of pupils."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from schemas.bimester import Bimester
from transforms.sample.children import make_children
from transforms.sample.events import MOVEMENT, VERIFICATION, VISIT, make_events
from transforms.sample.faults import give_faults
from transforms.sample.misspelt import add_misspelt
from transforms.sample.places import make_schools, read_areas
from transforms.sample.presence import Presence, make_presence
from transforms.sample.registry import give_record_flags, list_records
from transforms.sample.roll import give_events, give_roles
from transforms.sample.settings import read_proportions
from transforms.sample.suspects import make_suspects
from transforms.sample.timeline import horizon


@dataclass(frozen=True)
class World:
    """Everything that is so, keyed by child; the extracts are views of it and the truth is counted from it."""

    seed: int
    scale: float
    areas: pl.DataFrame
    schools: pl.DataFrame
    children: pl.DataFrame
    records: dict[str, pl.DataFrame]
    presence: Presence
    verifications: pl.DataFrame
    visits: pl.DataFrame
    movements: pl.DataFrame
    suspects: pl.DataFrame

    def records_of(self, period: Bimester) -> pl.DataFrame:
        """The registry of a period, clean; see `registry.list_records`."""
        return self.records[str(period)]


def make_world(pupils: int | None, seed: int) -> World:
    """Invent the district. `pupils` is the size of the registry (None: the full district)."""
    scale = (pupils or read_proportions()["full_pupils"]) / read_proportions()["full_pupils"]
    areas = read_areas()
    schools = make_schools(areas, scale, seed)
    children = give_roles(make_children(areas, schools, scale, seed), scale, seed)
    children = give_events(children, schools, scale, seed)
    children = add_misspelt(give_faults(give_record_flags(children, schools, scale, seed), scale, seed), schools, scale)
    records = {str(period): list_records(children, schools, period) for period in horizon()}
    presence = make_presence(children, schools, records, scale, seed)
    log = make_events(children, presence.plants, schools, seed)
    suspects = make_suspects(children, presence.plants, records, log, scale, seed)
    return World(
        seed, scale, areas, schools, children, records, presence,
        pl.DataFrame(log.verifications, schema=VERIFICATION), pl.DataFrame(log.visits, schema=VISIT),
        pl.DataFrame(log.movements, schema=MOVEMENT), suspects,
    )  # fmt: skip
