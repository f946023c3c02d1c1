"""What holds of every rate in any town: bounds in order, parts that add up, nobody twice, the order of rows without effect."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.indicators import INDICATORS
from tests.towns.town import Town, build_town

SCHOOLS = """
学校标识码 | 学校名称 | 办学类型 | 举办者类型 | 所在镇街 | 学区 | 督导责任区
1000000001 | 甲小学 | 小学 | 公办 | 甲镇 | 一学区 | 一责任区
1000000002 | 乙中学 | 初级中学 | 公办 | 乙镇 | 二学区 | 二责任区
1000000003 | 丙学校 | 九年一贯制学校 | 民办 | 乙镇 | 二学区 | 一责任区
"""
HEADS = {
    "child": "姓名 | 性别 | 出生日期 | 镇街 | 村社 | 户籍状态 | 来源",
    "registry": "期间 | 学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 是否留守儿童 | 是否进城务工人员随迁子女 | 学籍状态",
    "disabled": "姓名 | 残疾类别 | 镇街",
    "monitored": "姓名 | 户类型 | 镇街",
    "verification": "姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料",
    "class_roll": "月份 | 学校标识码 | 年级 | 班级 | 在籍人数 | 在校人数",
}
RESULTS = ("确认辍学", "失联", "外地就读有学籍", "死亡", "休学", "延缓入学")


@dataclass(frozen=True)
class Pupil:
    """One invented child: where it lives, where its record stands before and now, and what was found out."""

    number: int
    age: int
    home: str
    before: str
    now: str
    status: str
    listed: str
    result: str

    @property
    def who(self) -> str:
        sex = "女" if self.number % 2 else "男"
        return f"孩子{self.number} | {sex} | {2024 - self.age}-03-{self.number + 1:02d}"


def draw_pupil(number: int) -> st.SearchStrategy[Pupil]:
    one_of = st.sampled_from
    return st.builds(
        Pupil, st.just(number), st.integers(6, 14), one_of(["甲镇 | 东村", "乙镇 | 西村", "乙镇 | -"]),
        one_of(["", "本校", "本校"]), one_of(["", "本校", "本校", "转学"]), one_of(["在读", "在读", "休学"]),
        one_of(["", "", "disabled", "monitored"]), one_of(["", "", *RESULTS]),
    )  # fmt: skip


TOWNS = st.integers(12, 20).flatmap(lambda count: st.tuples(*(draw_pupil(number) for number in range(count))))


def find_school(pupil: Pupil, moved: bool) -> str:
    home = "1000000001" if pupil.age < 12 else "1000000002"
    return "1000000003" if moved else home


def write_town(pupils: tuple[Pupil, ...], shuffle: random.Random | None = None) -> dict[str, str]:
    rows: dict[str, list[str]] = {name: [] for name in HEADS}
    for p in pupils:
        grade = p.age - 5
        rows["child"].append(f"{p.who} | {p.home} | 本区户籍 | 公安户籍")
        for period, kept in (("2025-B2", p.before), ("2025-B3", p.now)):
            if kept:
                school = find_school(p, kept == "转学")
                rows["registry"].append(f"{period} | {school} | {grade} | 1 | {p.who} | 双亲留守儿童 | true | {p.status}")
        if p.listed:
            kind = "听力" if p.listed == "disabled" else "脱贫户"
            rows[p.listed].append(f"孩子{p.number} | {kind} | {p.home.split(' ')[0]}")
        if p.result:
            rows["verification"].append(f"孩子{p.number} | 2025-05-10 | 镇街 | {p.result} | 外地学校 | 佐证")
    rows["class_roll"] = [f"2025-06 | {code} | {grade} | 1 | 3 | 3" for code, grade in (("1000000001", 4), ("1000000003", 8))]
    for lines in rows.values():
        if shuffle:
            shuffle.shuffle(lines)
    return {name: "\n".join([HEADS[name], *lines]) for name, lines in rows.items() if lines}


def build(pupils: tuple[Pupil, ...], shuffle: random.Random | None = None) -> Town:
    return build_town(school=SCHOOLS, **write_town(pupils, shuffle))


def read_sums(town: Town, whole: str, part: str, key: str) -> list[tuple]:
    """Cells of `whole` whose parts under `part` do not add up, by `key`."""
    return town.rows(f"""
        with whole as (select * from indicators.value where {whole}), part as (select * from indicators.value where {part})
        select w.indicator, {key}, any_value(w.numerator), any_value(w.denominator), sum(p.numerator), sum(p.denominator)
        from whole as w inner join part as p using (indicator, {key}) group by w.indicator, {key}
        having any_value(w.numerator) <> sum(p.numerator) or any_value(w.denominator) <> sum(p.denominator)""")  # fmt: skip


QUICK = settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@QUICK
@given(TOWNS)
def test_bounds_stand_around_the_rate_parts_add_up_and_nobody_is_counted_twice(pupils: tuple[Pupil, ...]):
    town = build(pupils)
    check_cells(town)
    check_nobody_twice(town)


def check_cells(town: Town) -> None:
    assert town.rows("from indicators.value where rate_low > rate or rate > rate_high") == []
    people = ", ".join(f"'{i.id}'" for i in INDICATORS.values() if i.base in ("population", "case"))
    total = "stage, grade, population_group"
    assert read_sums(town, "area_level = 'district'", "area_level = 'township'", total) == []
    roll = f"indicator not in ({people}, 'gross_enrolment_rate_junior')"
    for level in ("school", "school_zone", "supervision_zone"):
        assert read_sums(town, f"area_level = 'district' and {roll}", f"area_level = '{level}'", total) == []
    area = "area_level, area_name, population_group"
    whole = "stage = 'all' and indicator not in ('submission_rate', 'publicity_coverage')"
    assert read_sums(town, whole, "stage <> 'all' and grade = 'all'", area) == []
    assert read_sums(town, "stage <> 'all' and grade = 'all'", "grade <> 'all'", f"stage, {area}") == []
    assert read_sums(town, "population_group = 'all' and indicator not in ('submission_rate', 'absence_rate')",
                     "population_group in ('boys', 'girls')", "area_level, area_name, stage, grade") == []  # fmt: skip
    assert read_sums(town, f"population_group = 'all' and indicator in ({people})",
                     "population_group in ('local_hukou', 'resident_migrant')", "area_level, area_name, stage, grade") == []  # fmt: skip
    # a 镇街 is the sum of its schools; villages and groups, which need not hold everybody, are never more than their whole
    assert town.rows(f"""
        with school as (
            select v.indicator, s.township as area_name, v.stage, v.grade, v.population_group, sum(v.numerator) as n, sum(v.denominator) as d
            from indicators.value as v inner join conformed.school as s on v.school_code = s.school_code
            where v.area_level = 'school' and {roll} group by all)
        from indicators.value as w inner join school as p using (indicator, area_name, stage, grade, population_group)
        where w.area_level = 'township' and (w.numerator, w.denominator) is distinct from (p.n, p.d)""") == []
    assert town.rows("""
        select * from indicators.value as part inner join indicators.value as whole using (indicator, area_level, area_name, stage, grade)
        where whole.population_group = 'all' and part.denominator > whole.denominator""") == []
    assert town.rows("""
        select v.indicator, a.parent_township, v.stage, v.grade, v.population_group from indicators.value as v
        inner join (select distinct area_name, parent_township from validated.area where level = '村社') as a on v.area_name = a.area_name
        inner join indicators.value as t on t.area_level = 'township' and t.area_name = a.parent_township
            and (v.indicator, v.stage, v.grade, v.population_group) = (t.indicator, t.stage, t.grade, t.population_group)
        where v.area_level = 'village' group by all having sum(v.denominator) > any_value(t.denominator)""") == []


def check_nobody_twice(town: Town) -> None:
    for indicator in INDICATORS.values():
        if indicator.shape != "counts" and indicator.id not in ("submission_rate", "verification_rate",
                                                                "verification_on_time_rate", "closing_rate"):  # fmt: skip
            twice = f"select person_id from indicators.{indicator.id} group by person_id having count(*) > 1"
            assert town.rows(twice) == [], indicator.id


STAYS = ("retention_rate_year", "dropout_rate", "match_quality", "enrolment_rate", "unconfirmed_leaver_share", "gross_enrolment_rate_junior")


@settings(QUICK, max_examples=3)
@given(TOWNS, st.data())
def test_a_pupil_who_changes_school_is_never_dropped_or_counted_twice(pupils: tuple[Pupil, ...], data: st.DataObject):
    """The district counts the same children with and without the move; the two schools together count as many, too."""
    who = data.draw(st.sampled_from(range(len(pupils))))
    stayed, moved = (tuple(replace(p, before="本校", now=now) if p.number == who else p for p in pupils) for now in ("本校", "转学"))
    one, two = build(stayed), build(moved)
    names = ", ".join(f"'{name}'" for name in STAYS)
    whole = (f"select indicator, stage, population_group, numerator, denominator from indicators.value where indicator in ({names}) "
             "and area_level = 'district' and grade = 'all' order by all")  # fmt: skip
    assert one.rows(whole) == two.rows(whole) != []
    schools = (f"select indicator, sum(denominator) from indicators.value where indicator in ({names}) and area_level = 'school' "
               "and (stage, grade, population_group) = ('all', 'all', 'all') group by all order by all")  # fmt: skip
    assert one.rows(schools) == two.rows(schools)


@settings(QUICK, max_examples=4)
@given(TOWNS, st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(pupils: tuple[Pupil, ...], seed: int):
    every = "select * from indicators.value order by all"
    assert build(pupils).rows(every) == build(pupils, random.Random(seed)).rows(every)


@pytest.mark.parametrize("indicator", ["retention_rate_year", "dropout_rate"])
def test_a_pupil_who_changes_school_changes_denominator(indicator: str):
    stayed = Pupil(0, 12, "乙镇 | 西村", "本校", "本校", "在读", "", "")
    moved = Pupil(1, 12, "乙镇 | 西村", "本校", "转学", "在读", "", "")
    town = build((stayed, moved))
    schools = [town.rate(indicator, area_level="school", school_code=c)[1] for c in ("1000000002", "1000000003")]
    assert schools == [1, 1]
    assert town.rate(indicator)[1] == 2
