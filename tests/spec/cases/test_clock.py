"""When a case is due, counted in working days to the issue date 10 July 2025 (contract §6; the settings of domain §5)."""

from tests.towns.town import build_town, day, in_school

LISTED = """批次 | 下发日期 | 核实期限 | 姓名
一 | 2025-06-20 | - | 新名单
一 | 2025-06-22 | - | 周日下发
一 | 2025-05-20 | 2025-06-30 | 自带期限
一 | 2025-05-06 | - | 已销号
"""
SAID = """姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料 | 截止日期
已销号 | 2025-05-20 | 公安 | 户籍迁出 | - | 回函 | -
待转学 | 2025-05-20 | 镇街 | 外地就读无学籍 | 外地小学 | - | -
劝返中 | 2025-06-27 | 镇街 | 失学 | - | - | -
失联者 | 2025-06-30 | 镇街 | 失联 | - | - | -
在跟踪 | 2025-05-20 | 镇街 | 延缓入学 | - | 批复 | 2025-12-31
已到期 | 2025-05-20 | 镇街 | 延缓入学 | - | 批复 | 2025-06-25
待佐证 | 2025-06-20 | 公安 | 死亡 | - | - | -
其他的 | 2025-06-20 | 学校 | 其他 | - | 说明 | -
"""


def test_every_state_has_its_clock():
    """It starts the day after the word, or after the list came out; a day off starts it with the next working day."""
    names = [line.split(" | ")[3] for line in LISTED.splitlines()[1:]] + [line.split(" | ")[0] for line in SAID.splitlines()[2:]]
    listed = LISTED + "\n".join(f"一 | 2025-05-06 | - | {name}" for name in names[4:])
    child = "姓名 | 性别 | 出生日期 | 镇街\n" + "\n".join(f"{name} | 男 | 2016-03-01 | 甲镇" for name in names)
    town = build_town(registry=in_school("李二")["registry"], child=child, suspect=listed, verification=SAID)
    due = town.by_name("s.person_id, k.due_on, k.overdue_working_days from cases.clock as k join cases.standing as s using (case_no)")
    assert due == {
        "新名单": (day("2025-07-04"), 4),  # 10 working days
        "周日下发": (day("2025-07-04"), 4),
        "自带期限": (day("2025-06-30"), 8),  # the batch's own day rules
        "待转学": (day("2025-07-02"), 6),  # 30, with the Dragon Boat holiday between
        "劝返中": (day("2025-07-02"), 6),  # 3
        "失联者": (day("2025-07-03"), 5),  # 3
        "在跟踪": (day("2025-12-31"), 0),  # its end date
        "已到期": (day("2025-05-20"), 36),  # over before it was told: as if nothing had been said
        "待佐证": (day("2025-07-04"), 4),  # 10
        "其他的": (day("2025-07-04"), 4),  # 10 from the word that settled nothing
    }  # fmt: skip


def test_what_held_and_holds_no_more_starts_the_clock_on_its_last_day():
    """延缓入学 ended on 10 July, in the period after it was told: 待核实, 10 working days from then."""
    world = {"registry": in_school("李二")["registry"], "child": in_school("王一")["child"],
             "suspect": "批次 | 下发日期 | 姓名 | 期间\n一 | 2025-05-06 | 王一 | 2025-B3",
             "verification": "姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料 | 截止日期 | 期间\n"
             "王一 | 2025-05-20 | 镇街 | 延缓入学 | 批复 | 2025-07-10 | 2025-B3"}  # fmt: skip
    town = build_town("2025-B4", after=build_town("2025-B3", **world), **world)
    assert town.rows("select state, due_on from cases.case") == [("待核实", day("2025-07-24"))]
