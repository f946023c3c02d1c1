"""The real 镇街 and 村社 of Rongchang, and invented schools in them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from transforms.sample.names import make_people, make_phones
from transforms.sample.settings import read_proportions, seeded

AREAS = Path(__file__).parents[2] / "data" / "reference" / "rongchang_areas.csv"
BIG_TOWNSHIPS = {"昌元街道": 20, "昌州街道": 15, "广顺街道": 7, "双河街道": 6, "安富街道": 6, "峰高街道": 6}
PRIMARY_TYPES = ("小学", "教学点", "九年一贯制学校")


def read_areas() -> pl.DataFrame:
    """One row is a 镇街 or a 村社: level, name, township (of a village), code, kind."""
    areas = pl.read_csv(AREAS, infer_schema=False)
    return areas.select(
        "level", "name", pl.col("township").fill_null(""), pl.col("code_statistics").alias("code"), "kind"
    )


def township_weights(areas: pl.DataFrame) -> tuple[list[str], np.ndarray]:
    """Townships in code order and their share of children."""
    names = areas.filter(pl.col("level") == "township")["name"].to_list()
    weights = np.array([BIG_TOWNSHIPS.get(name, 2.667) for name in names], dtype=float)
    return names, weights / weights.sum()


def make_schools(areas: pl.DataFrame, scale: float, seed: int) -> pl.DataFrame:
    """One row is a school with a code, merged ones included; `reports` says which shape of attendance it sends."""
    rows = _place_schools(areas, _count_schools(scale), seed)
    rows += _make_closed(rows, 2 if scale > 0.2 else 1)
    rng = seeded(seed, "school staff")
    people, phones = make_people(len(rows) * 3, rng), make_phones(len(rows), rng)
    towns = [row["township"] for row in rows]
    order = {name: i for i, name in enumerate(dict.fromkeys(towns))}
    for i, row in enumerate(rows):
        row |= {
            "school_zone": f"第{'一二三四五六七八'[order[row['township']] % 8]}学区",
            "supervision_zone": f"第{order[row['township']] % 11 + 1}督导责任区",
            "supervisor": people[3 * (order[row["township"]] % 11)],
            "principal": people[3 * i + 1],
            "contact": people[3 * i + 2],
            "phone": phones[i],
        }
    return pl.DataFrame(rows, infer_schema_length=None)


def _count_schools(scale: float) -> dict[str, int]:
    sizes = read_proportions()
    return {t: max(sizes["school_minimum"][t], round(n * scale)) for t, n in sizes["schools"].items()}


def _place_schools(areas: pl.DataFrame, counts: dict[str, int], seed: int) -> list[dict]:
    """Put schools of every type into townships by share, biggest township first."""
    towns, weights = township_weights(areas)
    villages = {
        town: [v.removesuffix("社区居民委员会").removesuffix("村村民委员会") for v in part["name"]]
        for (town,), part in areas.filter(pl.col("level") == "village").group_by("township", maintain_order=True)
    }
    rows: list[dict] = []
    for kind, count in counts.items():
        for town in _spread(towns, weights, count):
            taken = sum(row["township"] == town and row["school_type"] in PRIMARY_TYPES for row in rows)
            rows.append(_make_school(len(rows) + 1, kind, town, villages[town], taken, rows))
    share = read_proportions()["attendance_share"]
    compulsory = [row for row in rows if row["school_type"] not in ("教学点", "中等职业学校", "特殊教育学校")]
    for i, row in enumerate(compulsory):
        row["reports"] = "attendance" if i % share == 1 else "roll"
    return rows


def _spread(towns: list[str], weights: np.ndarray, count: int) -> list[str]:
    """Give one to each township, biggest first, then by share."""
    order = sorted(range(len(towns)), key=lambda i: (-weights[i], i))
    given = np.zeros(len(towns))
    for _ in range(count):
        need = np.where(given == 0, 1000 + weights, weights / (given + 0.5))
        given[max(order, key=lambda i: need[i])] += 1
    return [towns[i] for i in range(len(towns)) for _ in range(int(given[i]))]


def _make_school(number: int, kind: str, town: str, villages: list[str], taken: int, rows: list[dict]) -> dict:
    root = town.removesuffix("街道").removesuffix("镇")
    village = villages[taken % len(villages)] + ("", "第二", "第三", "第四")[taken // len(villages)]
    same = sum(row["school_type"] == kind and row["township"] == town for row in rows)
    name = {
        "小学": f"荣昌区{root}中心小学" if same == 0 else f"荣昌区{village}小学",
        "教学点": f"荣昌区{root}{village}村校教学点",
        "初级中学": f"荣昌区{root}初级中学" + (f"（第{same + 1}校区）" if same else ""),
        "九年一贯制学校": f"荣昌区{root}{village}学校",
        "完全中学": f"重庆市荣昌{root}中学校" + (f"（第{same + 1}）" if same else ""),
        "特殊教育学校": "重庆市荣昌区特殊教育学校",
        "中等职业学校": "重庆市荣昌区职业教育中心",
    }[kind]
    centre = next((r["school_code"] for r in rows if r["school_type"] == "小学" and r["township"] == town), None)
    if kind == "教学点" and centre is None:
        centre = rows[0]["school_code"]
    return {
        "school_code": f"3150{number:06d}",
        "school_name": name,
        "school_type": kind,
        "founder_type": "民办" if number % 29 == 7 else "公办",
        "township": town,
        "urban_rural": "城区" if town in ("昌元街道", "昌州街道") else ("镇区" if same == 0 else "乡村"),
        "is_key_area": "是" if number % 9 == 4 else "否",
        "central_school_code": centre if kind == "教学点" else None,
        "school_status": "正常",
        "successor_code": None,
        "effective_date": None,
        "reports": "none" if kind in ("教学点", "中等职业学校") else "roll",
    }


def _make_closed(rows: list[dict], count: int) -> list[dict]:
    """Village schools merged in summer 2024: their old codes live on in old lists."""
    hosts = [row for row in rows if row["school_type"] == "小学" and row["reports"] == "roll"][:count]
    return [
        host
        | {
            "school_code": f"3150{900 + i:06d}",
            "school_name": f"荣昌区{host['township'][:2]}老场{'上下'[i]}村小学",
            "founder_type": "公办",
            "school_status": "撤并",
            "successor_code": host["school_code"],
            "effective_date": "2024-07-10",
            "reports": "none",
        }
        for i, host in enumerate(hosts)
    ]
