"""`baoxue notices` as the office meets it: who gets a 入学通知书, its number, what it says, and where it goes."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import docx
import fastexcel
import pypdf
import pytest

from flows.cli import run_command
from flows.manifest import Inputs, Manifest, write_manifest
from flows.notices import make_notices
from flows.settings import Home, prepare_home
from schemas.bimester import Bimester
from transforms.extracts.land import land_inbox
from transforms.validated.validate import validate_period

SCHOOLS = """学校标识码,学校名称,办学类型,举办者类型,所在镇街,城乡类型,联系人,联系电话
1000000001,甲小学,小学,公办,昌元街道,城区,周老师,023-46731111
1000000002,乙中学,初级中学,公办,昌元街道,城区,,
1000000003,丙学校,九年一贯制学校,公办,昌元街道,城区,,
"""
HEAD = "姓名,身份证件号,性别,出生日期,录取学校标识码,监护人姓名,报到日期,通知书编号,送达日期\n"
FIRST = HEAD + """张一,500153201903010011,男,2019-03-01,1000000001,张父,,,
李二,,女,2019-05-02,1000000001,,,,
王三,,男,2012-10-05,1000000002,,,,
赵四,,女,2012-11-05,1000000003,,,,
钱五,,女,2019-01-05,1000000003,,,,
"""
YEAR = "2025—2026学年"
MAY, JULY = date(2025, 5, 20), date(2025, 7, 1)


def check_digit(body: str) -> str:
    weights = [2 ** (17 - i) % 11 for i in range(17)]
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


VALID = check_digit("50015320190301001")
FIRST = FIRST.replace("500153201903010011", VALID)


def deliver(home: Home, period: str, name: str, text: str) -> None:
    (home.inbox / period).mkdir(exist_ok=True)
    (home.inbox / period / name).write_text(text, encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = prepare_home(Home(tmp_path / "home"))
    deliver(made, "2025-B1", "学校.csv", SCHOOLS)
    deliver(made, "2025-B3", "新生.csv", FIRST)
    return made


def make(home: Home, day: date = MAY, year: int = 2025) -> Path:
    return make_notices(home, year, day, lambda _: None)


def read_list(path: Path, sheet: str = "发放清单") -> list[dict[str, str]]:
    cells = fastexcel.read_excel(path).load_sheet(sheet, header_row=1, dtypes="string").to_polars()
    return [row for row in cells.to_dicts() if row.get("姓名") or row.get("问题和改法")]


def numbers(folder: Path) -> dict[str, str]:
    return {row["姓名"]: row["通知书编号"] for row in read_list(folder / "入学通知书发放清单.xlsx")}


def say(path: Path) -> str:
    body = docx.Document(str(path)).element.body
    return "\n".join("".join(t.text or "" for t in p.iter("{*}t")) for p in body.iter("{*}p"))


def list_bytes(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}


def test_each_school_gets_its_own_children_and_no_other(home: Home):
    folder = make(home)
    assert folder == home.out / "入学通知书" / YEAR
    own = {"1000000001 甲小学": {"张一", "李二"}, "1000000002 乙中学": {"王三"}, "1000000003 丙学校": {"赵四", "钱五"}}
    for place, names in own.items():
        text = say(folder / place / "入学通知书.docx")
        assert {name for part in own.values() for name in part if name in text} == names
        assert {row["姓名"] for row in read_list(folder / place / "入学通知书发放清单.xlsx")} == names
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")}
    assert files == {f"{place}/入学通知书{rest}" for place in own for rest in (".docx", ".pdf", "发放清单.xlsx")} | {
        "入学通知书发放清单.xlsx", "全部入学通知书（打印用）.pdf"}  # fmt: skip
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.rglob("*.*"))


def test_a_notice_says_what_the_law_and_the_office_ask(home: Home):
    folder = make(home)
    text = say(folder / "1000000001 甲小学" / "入学通知书.docx")
    for words in ("入学〔2025〕1号", "张父（张一的监护人）：", f"张一（男，2019年3月1日出生，身份证件号{VALID}）", "甲小学一年级就读",
                  "2025年9月1日，到甲小学报到", "户口簿", "不收学费、杂费", "第十一条第二款", "《残疾人教育条例》第十七条", "送教上门",
                  "第五条第二款规定：“适龄儿童、少年的父母或者其他法定监护人应当依法保证其按时入学接受并完成义务教育。”",
                  "《中华人民共和国未成年人保护法》第十六条第（五）项、第十七条第（五）项规定", "违法追责",
                  "第五十八条规定：“", "给予批评教育，责令限期改正", "周老师", "023-46731111", "2025年5月20日", "送达回证",
                  "李二的父母或者其他法定监护人："):  # fmt: skip
        assert words in text, words
    assert "乙中学七年级就读" in say(folder / "1000000002 乙中学" / "入学通知书.docx")
    mixed = say(folder / "1000000003 丙学校" / "入学通知书.docx")
    assert "丙学校七年级就读" in mixed and "丙学校一年级就读" in mixed


def test_numbers_are_given_once(home: Home):
    """Same lists: same bytes, whatever the day. New children get the next numbers and the day they got them."""
    before = list_bytes(make(home))
    first = numbers(home.out / "入学通知书" / YEAR)
    assert sorted(first.values()) == [f"入学〔2025〕{n}号" for n in range(1, 6)]
    assert list_bytes(make(home, JULY)) == before
    deliver(home, "2025-B4", "补.csv", FIRST + "孙六,,男,2019-07-07,1000000001,,,,\n")
    folder = make(home, JULY)
    assert numbers(folder) == first | {"孙六": "入学〔2025〕6号"}
    text = say(folder / "1000000001 甲小学" / "入学通知书.docx")
    assert text.count("2025年5月20日") == 2 and text.count("2025年7月1日") == 1


def test_a_child_keeps_its_number_when_its_id_is_mended_or_its_school_changes(home: Home):
    first = numbers(make(home))
    later = FIRST.replace("李二,,", f"李二,{check_digit('50015320190502002')},").replace("2012-10-05,1000000002", "2012-10-05,1000000003")
    deliver(home, "2025-B4", "新生.csv", later)
    folder = make(home, JULY)
    assert numbers(folder) == first
    [row] = [r for r in read_list(folder / "入学通知书发放清单.xlsx") if r["姓名"] == "王三"]
    assert row["录取学校"] == "丙学校" and "1000000002" in row["备注"]
    assert not (folder / "1000000002 乙中学").exists()


def test_a_number_is_never_given_to_another_child(home: Home):
    first = numbers(make(home))
    gone = "\n".join(line for line in FIRST.split("\n") if "李二" not in line) + "孙六,,男,2019-07-07,1000000001,,,,\n"
    deliver(home, "2025-B4", "新生.csv", gone)
    found = numbers(make(home))
    assert "李二" not in found and found["孙六"] not in first.values()


def test_numbers_that_the_list_brings_are_kept(home: Home):
    deliver(home, "2025-B4", "新生.csv", FIRST.replace("张父,,,", "张父,,荣教入〔2025〕2号,").replace("1000000002,,,,", "1000000002,,,甲9号,"))
    found = numbers(make(home))
    assert (found["张一"], found["王三"]) == ("荣教入〔2025〕2号", "甲9号") and len(set(found.values())) == 5


def test_the_list_comes_back_as_a_register_of_the_intake(home: Home, capsys: pytest.CaptureFixture[str]):
    folder = make(home)
    path = folder / "1000000001 甲小学" / "入学通知书发放清单.xlsx"
    assert run_command(["--home", str(home.root), "check", str(path)]) == 0
    assert "新生名册" in capsys.readouterr().out
    first = numbers(folder)
    (home.inbox / "2025-B4").mkdir()
    (home.inbox / "2025-B4" / "回.xlsx").write_bytes(path.read_bytes())
    assert numbers(make(home, JULY)) == first


def test_a_child_on_two_lists_gets_no_notice_until_it_is_settled(home: Home):
    deliver(home, "2025-B3", "又.csv", HEAD + "张一,,男,2019-03-01,1000000003,,,,\n".replace("张一,,", f"张一,{VALID},"))
    deliver(home, "2025-B3", "坏.csv", HEAD + "周七,,男,2019-03-01,9999999999,,,,\n")
    folder = make(home)
    assert set(numbers(folder)) == {"李二", "王三", "赵四", "钱五"}
    told = read_list(folder / "入学通知书发放清单.xlsx", "未出通知书")
    assert sorted(row["文件"] for row in told) == ["又.csv", "坏.csv", "新生.csv"]
    assert sum("两所学校" in row["问题和改法"] for row in told) == 2


def test_the_whole_is_one_file_for_printing(home: Home):
    """Every notice and every receipt starts a sheet when printed on both sides."""
    pages = [page.extract_text() for page in pypdf.PdfReader(make(home) / "全部入学通知书（打印用）.pdf").pages]
    firsts = [i for i, text in enumerate(pages) if "义务教育入学通知书" in text]
    slips = [i for i, text in enumerate(pages) if "送达文书" in text]
    assert len(firsts) == len(slips) == 5 and all(i % 2 == 0 for i in firsts + slips)
    assert [b - a for a, b in zip(firsts, slips, strict=True)] == [2] * 5  # a notice is one sheet


@pytest.mark.parametrize(("year", "code"), [(2025, 0), (2024, 3)])
def test_exit_codes(home: Home, year: int, code: int, capsys: pytest.CaptureFixture[str]):
    assert run_command(["--home", str(home.root), "notices", "--school-year", str(year), "--issued", f"{year}-07-01"]) == code
    said = capsys.readouterr()
    assert ("入学通知书5份" in said.out) if code == 0 else ("没有2024—2025学年的新生名册" in said.err and "2024-B3" in said.err)
    assert not any(name in said.out + said.err for name in ("张一", "李二", VALID))


@pytest.mark.parametrize("given", [("--issued", "2025-10-09"), ("--issued", "2026-07-01"), ()])
def test_a_day_outside_the_season_prints_nothing(
    home: Home, given: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("flows.notices.today_in_china", lambda: date(2026, 11, 28))
    assert run_command(["--home", str(home.root), "notices", "--school-year", "2025", *given]) == 2
    assert "不在2025年5月至9月之间" in (said := capsys.readouterr().err) and "--issued 2025-07-01" in said
    assert not (home.out / "入学通知书").exists() and not home.notice_numbers(2025).exists()


def test_a_later_day_leaves_what_is_numbered_and_says_so(home: Home, capsys: pytest.CaptureFixture[str]):
    ask = ["--home", str(home.root), "notices", "--school-year", "2025", "--issued"]
    first = numbers(make(home))
    assert run_command([*ask, "2025-07-01"]) == 0
    assert "已编号的5份仍用第一次编号时的成文日期（2025年5月20日）" in capsys.readouterr().out
    assert run_command([*ask, "2025-07-01", "--redate"]) == 0
    assert "已编号的5份改用成文日期2025年7月1日，编号不变" in capsys.readouterr().out
    folder = home.out / "入学通知书" / YEAR
    text = say(folder / "1000000001 甲小学" / "入学通知书.docx")
    assert numbers(folder) == first and "2025年7月1日" in text and "2025年5月20日" not in text


def test_without_a_register_of_schools_nothing_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    home = prepare_home(Home(tmp_path / "home"))
    deliver(home, "2025-B3", "新生.csv", FIRST)
    assert run_command(["--home", str(home.root), "notices", "--school-year", "2025", "--issued", "2025-07-01"]) == 3
    assert "学校名册" in capsys.readouterr().err
    assert not (home.out / "入学通知书").exists()


def test_the_education_committee_may_issue_and_the_office_may_say_what_to_bring(home: Home):
    home.templates.mkdir()
    (home.templates / "office.yaml").write_text("admission_issuer: 教委\nbring: 户口簿和一寸照片\nadmission_mark: 荣新\n", encoding="utf-8")
    text = say(make(home) / "1000000002 乙中学" / "入学通知书.docx")
    assert "户口簿和一寸照片" in text and "荣新〔2025〕" in text and text.count("重庆市荣昌区教育委员会") == 2


def test_numbers_survive_a_death_between_numbering_and_printing(home: Home, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patched:
        patched.setattr("transforms.documents.admission.write_docx", lambda *a: (_ for _ in ()).throw(OSError("磁盘满")))
        with pytest.raises(OSError):
            make(home)
    assert not (home.out / "入学通知书" / YEAR).exists()
    text = say(make(home, JULY) / "1000000002 乙中学" / "入学通知书.docx")
    assert "2025年5月20日" in text and "2025年7月1日" not in text


def test_names_of_children_stay_out_of_file_names(home: Home):
    assert not [p for p in make(home).rglob("*") if any(name in p.name for name in ("张一", "李二", "王三"))]


def test_a_list_is_still_there_when_its_inbox_is_not(home: Home):
    """What a run validated stands in for an inbox that was moved away."""
    period = Bimester(2025, 3)
    first = numbers(make(home))
    deliver(home, "2025-B3", "学校.csv", SCHOOLS)
    landing = land_inbox(home.inbox / str(period), home.lake, lambda _: None)
    inputs = Inputs(str(period), date(2025, 7, 10), (), "code", "reference", ())
    validate_period(landing, period, (), home.validated(str(period), inputs.run_id), lake=home.lake)
    write_manifest(Manifest(inputs, 1), home.manifests(str(period)) / "v1.json")
    shutil.rmtree(home.inbox / str(period))
    assert numbers(make(home, JULY)) == first
