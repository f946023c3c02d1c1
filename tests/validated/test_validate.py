"""The whole stage: conservation, order, what is written, what refuses a run."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.extracts import EXTRACTS, typed_columns
from schemas.rules import RULES
from tests.extracts.books import make_id, write_text, write_xlsx
from tests.validated.conftest import AREAS, CHILD, REGISTRY, SCHOOLS, District, child, pupil
from transforms.validated.contract import BrokenContract, check_contract

ROLL = ["月份", "学校标识码", "年级", "班级", "在籍人数", "在校人数"]
CELLS = {
    "学校标识码": ["3150000001", "", "9", "昌元小学"],
    "年级": ["三年级", "", "七年级", "高一", "?"],
    "身份证件号": [make_id(1), make_id(1), make_id(2), "", "5.0E+17"],
    "出生日期": ["20150901", "2015年9月1日", "", "20150231"],
    "全国学籍号": ["", "G" + make_id(1), "G1"],
    "学籍状态": ["在读", "01", "", "?"],
}
ROWS = st.lists(st.fixed_dictionaries({key: st.sampled_from(values) for key, values in CELLS.items()}), max_size=12)


@given(ROWS, st.randoms(use_true_random=False))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_row_is_lost_and_order_does_not_matter(rows: list[dict[str, str]], random) -> None:
    rows = [{**row, "班级": str(n % 3)} for n, row in enumerate(rows)]
    shuffled = random.sample(rows, len(rows))
    results = []
    for version in (rows, shuffled):
        with tempfile.TemporaryDirectory() as folder:
            district = District(Path(folder)).put("学校.xlsx", SCHOOLS)
            result = district.put("学籍.xlsx", [REGISTRY, *(pupil(1, **row) for row in version)]).validate()
            file = result.read("file").filter(pl.col("extract") == "registry").to_dicts()[0]
            assert file["rows_read"] == file["accepted"] + file["merged"] + file["quarantined"]
            assert file["rows_read"] + file["other_stage_rows"] == len(version)
            assert result.read("quarantined").height == file["quarantined"]
            accepted = result.read("registry").drop("file_id", "source_row") if file["accepted"] else pl.DataFrame()
            problems = result.read("problem").group_by("rule").len()
            results.append((sorted(map(repr, accepted.rows())), sorted(problems.rows()), file["merged"]))
    assert results[0] == results[1]


def test_the_order_of_files_does_not_matter(tmp_path: Path) -> None:
    results = []
    for names in (("甲", "乙"), ("乙", "甲")):
        district = District(tmp_path / names[0]).put("学校.xlsx", SCHOOLS)
        write_text(district.inbox / f"{names[0]}.csv", [REGISTRY, pupil(1), pupil(3, 性别="?")])
        write_text(district.inbox / f"{names[1]}.csv", [REGISTRY, pupil(5)])
        result = district.validate()
        results.append((result.read("registry"), result.read("problem").drop("file_name")))
    assert results[0][0].equals(results[1][0])
    assert results[0][1].equals(results[1][1])


def test_the_same_delivery_gives_the_same_bytes(district: District) -> None:
    district.put("学籍.xlsx", [REGISTRY, pupil(1), pupil(3, 性别="?")])
    first, second = district.validate(run="a").folder, district.validate(run="b").folder
    names = sorted(p.name for p in first.iterdir())
    assert [(first / n).read_bytes() for n in names] == [(second / n).read_bytes() for n in names]
    tables = ("area", "child", "file", "form_line", "problem", "quarantined", "registry", "school")
    assert names == sorted([*(f"{table}.parquet" for table in tables), "file_keys.json"])


@pytest.mark.parametrize("extract", EXTRACTS.values(), ids=list(EXTRACTS))
def test_every_extract_is_written_with_its_declared_columns(district: District, extract) -> None:
    by_kind = {"date": "2015-05-06", "month": "2025-05", "year": "2019", "integer": "0", "number": "0", "boolean": "是",
               "school_code": "3150000001", "grade": "1", "township": "昌元街道", "text": "某", "name": "张三", "school_name": "某小学",
               "id_number": make_id(), "registry_number": "G" + make_id(), "disability_number": make_id() + "31"}  # fmt: skip
    headings = [field.title for field in extract.fields]
    row = [by_kind.get(f.kind) or _first_code(f.codes) for f in extract.fields]
    name = {"school": "学校.xlsx", "area": "镇街.xlsx", "child": "底册.xlsx"}.get(extract.name, "样.xlsx")
    district.put(name, [[extract.title], headings, row])
    result = district.validate()
    frame = result.read(extract.name)
    assert {rule for _, rule in result.rules(extract.name)} <= {"id_birth_mismatch", "age_out_of_range"}
    assert frame.height == 1
    assert frame.columns == list(typed_columns(extract))


def _first_code(codes: str | None) -> str:
    from schemas.codes import list_values

    return list_values(codes)[0] if codes else ""


def test_accepted_rows_pass_pandera_and_a_broken_one_does_not(district: District) -> None:
    frame = district.put("学籍.xlsx", [REGISTRY, pupil(1)]).validate().read("registry")
    check_contract("registry", frame)
    broken = frame.with_columns(registry_status=pl.lit("某某"))
    with pytest.raises(BrokenContract) as error:
        check_contract("registry", broken)
    assert "registry_status" in str(error.value)
    assert "某某" not in str(error.value)


def test_checks_may_not_be_switched_off(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = district.put("学籍.xlsx", [REGISTRY, pupil(1)]).validate().read("registry")
    monkeypatch.setattr("pandera.config.CONFIG.validation_enabled", False)
    with pytest.raises(BrokenContract, match="PANDERA_VALIDATION_ENABLED"):
        check_contract("registry", frame)


def test_a_complete_delivery_is_not_refused(district: District) -> None:
    district.put("学籍.xlsx", [REGISTRY, pupil(1)])
    district.put("月报.xlsx", [ROLL, *([month, "3150000001", "1", "1班", 40, 40] for month in ("2025-05", "2025-06"))])
    assert district.validate(owed=("2025-05", "2025-06")).refused() == []


def test_an_empty_inbox_is_refused(tmp_path: Path) -> None:
    [problem] = District(tmp_path).validate().validation.refusals
    assert (problem.rule, problem.message) == ("inbox_empty", RULES["inbox_empty"].say(period="2025-B3"))


def test_missing_extracts_and_months_are_named(tmp_path: Path) -> None:
    result = District(tmp_path).put("镇街.xlsx", AREAS).validate(owed=("2025-05",))
    messages = [problem.message for problem in result.validation.refusals]
    assert result.refused() == ["extract_missing"] * 3 + ["month_missing"]
    assert [any(word in m for m in messages) for word in ("学校名册", "适龄儿童少年底册", "学籍名册", "2025年5月")] == [True] * 4


def test_registers_held_need_not_come_again(district: District, tmp_path: Path) -> None:
    held = district.put("学籍.xlsx", [REGISTRY, pupil(1)]).validate().folder
    later = District(tmp_path / "later").put("学籍.xlsx", [REGISTRY, pupil(1, 学校标识码="昌元小学")])
    assert later.validate(held=(held,)).refused() == []
    assert later.validate(held=(held,)).read("registry")["school_code"].to_list() == ["3150000001"]
    assert later.validate(run="alone").refused().count("extract_missing") == 2


@pytest.mark.parametrize(("bad", "refused"), [(2, False), (3, True)])
def test_a_fifth_may_be_set_aside_and_no_more(district: District, bad: int, refused: bool) -> None:
    rows = [pupil(n, 性别="?" if n <= bad else ("男" if n % 2 else "女")) for n in range(1, 11)]
    assert ("quarantine_share" in district.put("学籍.xlsx", [REGISTRY, *rows]).validate().refused()) is refused


def test_a_file_without_one_usable_row_is_refused_by_name(district: District) -> None:
    headings = ["姓名", "身份证件号", "平台状态"]
    district.put("学籍.xlsx", [REGISTRY, pupil(1)]).put("平台.xlsx", [["平台在册台账"], headings, ["张三", "1", "疑似"]])
    [problem] = district.validate().validation.refusals
    assert problem.rule == "file_all_quarantined"
    assert "平台.xlsx" in problem.message
    assert "张三" not in problem.message


def test_sealed_children_in_a_care_list_refuse_the_run(district: District) -> None:
    rows = [["姓名", "身份证件号", "类别", "镇街"], ["张三", make_id(), "涉案未成年人", "昌元街道"], ["李四", make_id(2), "孤儿", "昌元街道"]]
    result = district.put("学籍.xlsx", [REGISTRY, pupil(1)]).put("关爱.xlsx", rows).validate()
    assert "sealed_by_name" in result.refused()


def test_refused_files_refuse_the_run_and_the_rest_is_still_told(district: District) -> None:
    (district.inbox / "照片.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    result = district.put("学籍.xlsx", [REGISTRY, *(pupil(n) for n in (1, 5, 7, 9)), pupil(3, 性别="?")]).validate()
    assert result.refused() == ["file_alien"]
    assert result.rules("registry") == [(6, "code_unknown")]


def test_a_row_set_aside_still_tells_who_it_may_be(district: District) -> None:
    result = district.put("学籍.xlsx", [REGISTRY, pupil(1, 学籍状态="?"), pupil(3)]).validate()
    row = result.read("quarantined").to_dicts()[0]
    assert (row["extract"], row["name"], str(row["birth_date"]), row["id_number"], row["school_code"]) == (
        "registry", "张丁", "2015-09-01", make_id(1), "3150000001",
    )  # fmt: skip


def test_problems_name_the_heading_as_the_file_has_it(district: District) -> None:
    headings = [*REGISTRY[:4], "性 别", *REGISTRY[5:]]
    result = district.put("学籍.xlsx", [headings, pupil(1, 性别="?"), pupil(3)]).validate()
    row = result.read("problem").to_dicts()[0]
    assert (row["heading"], row["value"], row["file_name"], row["sheet"]) == ("性别", "?", "学籍.xlsx", "Sheet1")
    assert row["message"] == RULES["code_unknown"].say(heading="性别", choices="男、女")


def test_old_mac_serial_dates(district: District) -> None:
    rows = [REGISTRY, pupil(1, 出生日期=42248 - 1462)]
    write_xlsx(district.inbox / "学籍.xlsx", {"a": rows}, date_1904=True)
    assert district.validate().read("registry")["birth_date"].cast(pl.String).to_list() == ["2015-09-01"]


def test_child_rows_take_township_and_source_from_title(district: District) -> None:
    headings = [h for h in CHILD if h not in ("镇街", "村社")]
    rows = [["昌元街道流动人口适龄儿童少年底册"], headings, child(1)[:5]]
    result = district.put("底册.xlsx", rows).validate()
    assert result.read("child").select("township", "roster_source").rows() == [("昌元街道", "流动人口")]
