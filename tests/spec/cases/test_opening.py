from tests.towns.town import Town, build_town, in_school

CHILD = "姓名 | 性别 | 出生日期 | 镇街 | 村社\n"
NAMES = "月份 | 学校标识码 | 姓名 | 在校状态\n"
HERE = "".join(f"2025-06 | 1000000001 | {name} | 在校\n" for name in ["甲", "乙", "丙", "丁"])
VERIFY = "姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料 | 期间\n"


def opened(town: Town) -> dict[str, str]:
    return town.by_name("person_id, opened_by from cases.standing")


def test_what_opens_a_case():
    """A finding, a line on a list, feedback of a child without a case, a visit, a leave past its end (contract §6)."""
    world = in_school("甲 乙 丙 丁 缺勤 名单 辍学 走访 年度复核 其他反馈")
    world["child"] += "\n未入学 | 男 | 2016-03-01 | 甲镇 | 东村"
    world["registry"] += "\n1000000001 | 3 | 1班 | 休学期满 | 男 | 2016-03-01 | 休学"
    world["registry"] += "\n1000000001 | 3 | 1班 | 休学续期 | 男 | 2016-03-01 | 休学"
    present = HERE + "".join(
        f"2025-06 | 1000000001 | {n} | 在校\n" for n in ["名单", "辍学", "走访", "年度复核", "其他反馈"]
    )
    town = build_town(
        **world,
        attendance=NAMES + present + "2025-06 | 1000000001 | 缺勤 | 离校未归",
        suspect="批次 | 下发日期 | 姓名\n第一批 | 2025-05-20 | 名单",
        verification=VERIFY + """
        辍学 | 2025-06-01 | 学校 | 确认辍学 | - | -
        年度复核 | 2025-06-01 | 镇街 | 外地就读有学籍 | 卡 | -
        其他反馈 | 2025-06-01 | 学校 | 在校就读 | 证明 | -
        """,
        persuasion="姓名 | 劝返日期 | 劝返单位 | 劝返人 | 结果\n走访 | 2025-06-05 | 学校 | 老师 | 承诺复学",
        movement="""
        姓名 | 异动类型 | 异动日期 | 截止日期
        休学期满 | 休学 | 2024-06-10 | 2025-06-29
        休学续期 | 休学 | 2024-06-10 | 2025-06-09
        休学续期 | 休学 | 2025-06-09 | 2026-06-09
        """,
    )  # fmt: skip
    assert opened(town) == {
        "缺勤": "absent", "名单": "listed", "辍学": "feedback", "走访": "feedback", "未入学": "unenrolled",
        "休学期满": "leave_ended",
    }  # fmt: skip


def test_one_open_case_a_child_opened_by_the_first_of_the_order():
    """Listed and absent: one case, `opened_by` listed; both findings stay (contract §6)."""
    town = build_town(
        **in_school("甲 乙 丙 丁 王一"),
        attendance=NAMES + HERE + "2025-06 | 1000000001 | 王一 | 离校未归",
        suspect="批次 | 下发日期 | 核实期限 | 姓名\n一 | 2025-05-20 | 2025-06-10 | 王一\n二 | 2025-06-20 | 2025-07-20 | 王一",
    )
    assert town.rows("select opened_by, opened_on::varchar, verify_by::varchar from cases.opening") == [
        ("listed", "2025-05-20", "2025-06-10")
    ]
    assert town.names("absent") == ["王一"]


def test_the_day_a_case_opens():
    """`opened_on`: 下发日期 of a listed child, else its first feedback's date, else the issue date (contract §6)."""
    town = build_town(
        child=CHILD
        + "名单 | 男 | 2016-03-01 | 甲镇 | 东村\n反馈 | 男 | 2016-03-01 | 甲镇 | 东村\n比对 | 男 | 2016-03-01 | 甲镇 | 东村",
        suspect="批次 | 下发日期 | 姓名\n一 | 2025-05-20 | 名单",
        verification=VERIFY
        + "反馈 | 2025-06-01 | 镇街 | 失学 | - | -\n反馈 | 2025-06-11 | 镇街 | 失联 | - | -",
    )
    assert {name: str(on) for name, on in town.by_name("person_id, opened_on from cases.standing").items()} == {
        "名单": "2025-05-20", "反馈": "2025-06-01", "比对": "2025-07-10",
    }  # fmt: skip


def test_a_list_dated_after_the_period_waits_for_its_own():
    """Events dated after as_of wait for the next period (contract §1)."""
    world = dict(
        **in_school("王一"), suspect="批次 | 下发日期 | 姓名 | 期间\n一 | 2025-07-01 | 王一 | 2025-B3"
    )
    now = build_town(**world)
    assert opened(now) == {}
    assert opened(build_town("2025-B4", after=now, **world)) == {"王一": "listed"}


def test_a_case_still_open_takes_a_new_finding_in():
    """A child with an open case gets no second one, however it is found again (contract §6)."""
    child = CHILD + "王一 | 男 | 2016-03-01 | 甲镇 | 东村"
    before = build_town("2025-B2", child=child)
    town = build_town(after=before, child=child, suspect="批次 | 下发日期 | 姓名\n一 | 2025-05-20 | 王一")
    assert town.rows("select case_no, opened_in, opened_by from cases.standing") == [
        ("RC2025B2-00001", "2025-B2", "unenrolled")
    ]


def test_a_new_finding_after_closing_opens_a_new_case():
    """A case closed by 外地就读 whose holding has ended and that is found again is a new case (contract §5, §6)."""
    child = CHILD + "王一 | 男 | 2016-03-01 | 甲镇 | 东村"
    said = "姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料 | 期间\n"
    said += "王一 | 2025-08-20 | 镇街 | 外地就读有学籍 | 外地小学 | 卡 | 2025-B4"
    first = build_town(
        "2025-B4", child=child, suspect="批次 | 下发日期 | 姓名\n一 | 2025-07-20 | 王一", verification=said
    )
    assert first.case_states() == {"王一": "已销号"}
    second = build_town("2026-B1", after=first, child=child, verification=said)
    assert second.rows("select opened_in, opened_by, state from cases.standing order by 1") == [
        ("2025-B4", "listed", "已销号"), ("2026-B1", "unenrolled", "待核实"),
    ]  # fmt: skip
