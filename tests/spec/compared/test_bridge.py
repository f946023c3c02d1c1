from schemas.bimester import Bimester
from tests.towns.town import Town, build_town, in_school, join_tables, make_id
from transforms.documents.bridge_lists import list_differences


def bridge(town: Town, from_register: str, to_register: str) -> dict[str, int]:
    return dict(
        town.rows(
            f"select reason, children from compared.bridge where from_register = '{from_register}' "
            f"and to_register = '{to_register}'"
        )
    )


def test_every_child_of_a_register_stands_under_one_reason():
    """底册→学籍, 学籍→底册, 学籍→在校: the reasons of a pair sum to its first register (contract §6: bridge)."""
    world = join_tables(in_school("甲 乙 丙 丁 请假生 旷课生 离校生"), in_school("休学生", status="休学"))
    world["child"] += "\n未入学 | 男 | 2016-03-01 | 甲镇 | 东村\n学龄前 | 男 | 2020-03-01 | 甲镇 | 东村"
    world["registry"] += "\n1000000001 | 3 | 1班 | 册外生 | 男 | 2016-03-01 | 在读"
    world["registry"] += "\n1000000002 | 9 | 1班 | 超龄生 | 男 | 2009-03-01 | 在读"
    rows = [f"{name} | 在校 | -" for name in ["甲", "乙", "丙", "丁", "册外生"]]
    rows += ["请假生 | 请假 | -", "旷课生 | 无故缺勤 | 4", "离校生 | 离校未归 | -"]
    head = "月份 | 学校标识码 | 姓名 | 在校状态 | 最长连续无故缺勤天数\n"
    town = build_town(**world, attendance=head + "\n".join(f"2025-06 | 1000000001 | {row}" for row in rows))
    assert bridge(town, "底册", "学籍") == {"本区在籍": 8, "适龄未入学": 1}
    assert bridge(town, "学籍", "底册") == {"底册在册": 8, "底册外": 1, "非学龄": 1}
    assert bridge(town, "学籍", "在校") == {
        "在校": 5, "请假": 1, "无故缺勤未达天数": 1, "籍在人不在": 1, "休学": 1, "学校未报送或报送不全": 1,
    }  # fmt: skip


def test_in_summer_no_pupil_owes_presence():
    """In July and August every 在读 pupil stands under 本期不要求报送 (contract §1)."""
    town = build_town("2025-B4", **in_school("王一 李二"))
    assert bridge(town, "学籍", "在校") == {"本期不要求报送": 2}


def test_lists_and_platform_stand_on_the_bridge_too():
    """名单→学籍: every child that a list ever named; 平台→名单: whoever the platform holds and no list of ours named."""
    world = in_school("甲 乙")
    world["child"] += "\n未入学 | 男 | 2016-03-01 | 甲镇 | 东村"
    lines = "一 | 2025-05-06 | {} | 男 | 2016-03-01"
    town = build_town(
        **world,
        suspect="批次 | 下发日期 | 姓名 | 性别 | 出生日期\n" + "\n".join(lines.format(name) for name in ("甲", "未入学", "外来")),
        platform="姓名 | 身份证件号 | 平台状态\n甲 | {} | 待核实\n乙 | {} | 待核实".format(*(make_id(n, "2016-03-01", "男") for n in "甲乙")),
    )
    assert bridge(town, "名单", "学籍") == {"本区在籍": 1, "适龄未入学": 1, "底册外、无学籍": 1}
    assert bridge(town, "平台", "名单") == {"名单所列": 1, "名单未列": 1}


def test_the_children_behind_each_difference_are_named_to_the_district():
    """Whoever agrees is counted only; the sheets add up to the bridge."""
    world = in_school("甲 乙")
    world["child"] += "\n未入学 | 男 | 2016-03-01 | 甲镇 | 东村"
    town = build_town(**world)
    sheets = {sheet.name: sheet.frame for sheet in list_differences(town.con, Bimester.parse("2025-B3"))}
    assert {name: sorted(frame.select("reason", "name").rows()) for name, frame in sheets.items()} == {
        "底册与学籍": [("适龄未入学", "未入学")],
        "学籍与在校": [("学校未报送或报送不全", "乙"), ("学校未报送或报送不全", "甲")],
    }
    assert sheets["底册与学籍"]["state"].to_list() == ["待核实"]


def test_the_platform_s_list_is_of_its_period():
    """A list of an earlier period says nothing of this one (contract §3: kind 当期)."""
    lines = "姓名 | 身份证件号 | 平台状态 | 期间\n甲 | {} | 待核实 | 2025-B2".format(make_id("甲", "2016-03-01", "男"))
    assert bridge(build_town(**in_school("甲"), platform=lines), "平台", "名单") == {}
