from tests.towns.town import build_town, in_school, parse_table

LISTED = "批次 | 下发日期 | 姓名\n一 | 2025-03-01 | 王一"
HEAD = "姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料 | 截止日期 | 审核人\n"
OUT = {"child": "姓名 | 性别 | 出生日期 | 镇街\n王一 | 男 | 2016-03-01 | 甲镇"}


def state(*rows: str, visits: str = "", moves: str = "", pupil: bool = False) -> str:
    """The state of 王一, on a list of 1 March, after these rows (`pupil`: with a live record here)."""
    more = {}
    if visits:
        more["persuasion"] = "姓名 | 劝返日期 | 劝返单位 | 劝返人 | 辍学日期 | 结果\n" + visits
    if moves:
        more["movement"] = "姓名 | 异动类型 | 异动日期 | 转入学校名称 | 截止日期\n" + moves
    said = HEAD + "\n".join(f"王一 | {row}" for row in rows)
    town = build_town(**(in_school("王一") if pupil else OUT), suspect=LISTED, verification=said, **more)
    return town.case_states()["王一"]


RESULTS = """
本区学籍 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料 | 截止日期 | 状态
- | 镇街 | 失学 | - | - | - | 劝返中
在读 | 学校 | 确认辍学 | - | - | - | 劝返中
在读 | 学校 | 失联 | - | - | - | 失联
在读 | 学校 | 其他 | - | 说明 | - | 待核实
在读 | 学校 | 在校就读 | - | - | - | 已销号
- | 学校 | 在校就读 | - | - | - | 待补佐证
- | 学校 | 在校就读 | - | 学校盖章 | - | 已销号
- | 镇街 | 外地就读有学籍 | 外地小学 | 卡 | - | 已销号
在读 | 镇街 | 外地就读有学籍 | 外地小学 | 卡 | - | 外地就读待转学
- | 镇街 | 外地就读有学籍 | 外地小学 | - | - | 待补佐证
- | 镇街 | 外地就读无学籍 | 外地小学 | - | - | 外地就读待转学
- | 镇街 | 外地就读无学籍 | - | - | - | 待补佐证
在读 | 教委 | 休学 | - | 批复 | - | 在册跟踪
在读 | 教委 | 休学 | - | - | - | 待补佐证
- | 教委 | 延缓入学 | - | 批复 | 2025-06-30 | 在册跟踪
- | 教委 | 延缓入学 | - | 批复 | 2025-06-29 | 待核实
- | 学校 | 送教上门 | - | 评估 | - | 在册跟踪
- | 学校 | 中职就读 | 职中 | - | - | 在册跟踪
在读 | 学校 | 超龄 | - | - | - | 已销号
- | 公安 | 死亡 | - | 证明 | - | 已销号
- | 公安 | 死亡 | - | - | - | 待补佐证
- | 公安 | 户籍迁出 | - | 回函 | - | 已销号
- | 公安 | 户籍或证件错误 | - | 回函 | - | 已销号
- | 公安 | 重复信息 | - | 另一条 | - | 已销号
- | 镇街 | 出国(境) | - | 签证 | - | 已销号
"""


def test_the_state_that_each_result_brings():
    """Each result, with and without its evidence, with and without a live record here (contract §6, domain §5).

    Our own record is evidence of 在校就读; an end date of 29 June has passed at the end of the period."""
    cases = {f"第{i}行": row for i, row in enumerate(parse_table(RESULTS), 1)}
    world = in_school(" ".join(name for name, row in cases.items() if row["本区学籍"]))
    world["child"] += "".join(
        f"\n{name} | 男 | 2016-03-01 | 甲镇 | 东村" for name, row in cases.items() if not row["本区学籍"]
    )
    heads = ["核实单位", "核实结果", "就读学校名称", "佐证材料", "截止日期"]
    said = " | ".join(["姓名", "核实日期", *heads]) + "\n"
    said += "\n".join(
        " | ".join([name, "2025-05-20", *(row[h] or "-" for h in heads)]) for name, row in cases.items()
    )
    listed = "批次 | 下发日期 | 姓名\n" + "\n".join(f"一 | 2025-03-01 | {name}" for name in cases)
    town = build_town(**world, suspect=listed, verification=said)
    assert town.case_states() == {name: row["状态"] for name, row in cases.items()}


def test_a_watched_child_whose_end_date_has_passed_is_to_be_verified_again():
    """在册跟踪 leaves by its end date → 待核实 (contract §6)."""
    said = HEAD.strip() + " | 期间\n王一 | 2025-03-20 | 教委 | 延缓入学 | - | 批复 | 2025-06-29 | - | 2025-B2"
    listed = "批次 | 下发日期 | 姓名 | 期间\n一 | 2025-03-01 | 王一 | 2025-B2"
    before = build_town("2025-B2", **OUT, suspect=listed, verification=said)
    assert before.case_states() == {"王一": "在册跟踪"}
    town = build_town(after=before, **OUT, suspect=listed, verification=said)
    assert town.case_states() == {"王一": "待核实"}


def test_the_last_word_wins_and_on_one_day_the_higher_unit():
    """Two verifications on one day: the higher unit; else the later day (contract §6)."""
    assert (
        state("2025-05-20 | 学校 | 失联 | - | - | - | -", "2025-05-21 | 学校 | 失学 | - | - | - | -")
        == "劝返中"
    )
    assert (
        state("2025-05-20 | 镇街 | 失联 | - | - | - | -", "2025-05-20 | 学校 | 失学 | - | - | - | -")
        == "失联"
    )
    assert (
        state("2025-05-20 | 教委 | 其他 | - | - | - | -", "2025-05-20 | 公安 | 失联 | - | - | - | -")
        == "待核实"
    )


def test_a_former_dropout_s_closing_waits_for_the_reviewer():
    """劝返中 and 失联 stay until 审核人 signs; 超龄 closes by itself; 在校就读 is 复学跟踪 (contract §6)."""
    out = "2025-05-10 | 学校 | 确认辍学 | - | - | - | -"
    elsewhere = "2025-05-20 | 镇街 | 外地就读有学籍 | 外地小学 | 卡 | - | "
    assert state(out, elsewhere + "-") == "劝返中"
    assert state(out, elsewhere + "审核员") == "已销号"
    assert state("2025-05-10 | 学校 | 失联 | - | - | - | -", elsewhere + "-") == "失联"
    assert state(out, "2025-05-20 | 学校 | 超龄 | - | - | - | -") == "已销号"
    assert state(out, "2025-05-20 | 学校 | 在校就读 | - | - | - | -", pupil=True) == "复学跟踪"
    returned = "王一 | 2025-05-15 | 学校 | 老师 | - | 已复学"
    assert state(out, elsewhere + "-", visits=returned) == "复学跟踪"


def test_a_signed_closing_ends_the_story():
    """After a signed closing 在校就读 closes again: it is no return of a dropout (contract §6)."""
    rows = [
        "2025-05-10 | 学校 | 确认辍学 | - | - | - | -",
        "2025-05-20 | 镇街 | 外地就读有学籍 | 外地小学 | 卡 | - | 审核员",
        "2025-06-20 | 学校 | 在校就读 | - | 证明 | - | -",
    ]
    assert state(*rows) == "已销号"


def test_visits():
    """A visit with 辍学日期 says 确认辍学; 已复学 from any open state; a visit without news changes nothing (§6)."""
    assert state(visits="王一 | 2025-05-20 | 学校 | 老师 | 2025-05-06 | 未返校") == "劝返中"
    assert state(visits="王一 | 2025-05-20 | 学校 | 老师 | - | 未返校") == "待核实"
    assert state(visits="王一 | 2025-05-20 | 学校 | 老师 | - | 已复学") == "复学跟踪"
    assert state(visits="王一 | 2025-05-20 | 学校 | 老师 | - | 失联") == "失联"
    lost = "2025-05-20 | 学校 | 失联 | - | - | - | -"
    assert state(lost, visits="王一 | 2025-06-20 | 镇街 | 干部 | - | 承诺复学") == "失联"


def test_movements_rule_too():
    """A finished transfer closes as 转学办结; 复学 after 休学 is back in school, no return of a dropout (§6)."""
    assert state(moves="王一 | 转出 | 2025-05-20 | 外地小学 | -") == "已销号"
    assert state(moves="王一 | 转出 | 2025-05-20 | 外地小学 | -", pupil=True) == "外地就读待转学"
    leave = "王一 | 休学 | 2025-03-10 | - | 2026-03-10"
    assert state(moves=leave, pupil=True) == "在册跟踪"
    assert state(moves=leave + "\n王一 | 复学 | 2025-06-10 | - | -", pupil=True) == "已销号"
    assert state(moves="王一 | 死亡 | 2025-05-20 | - | -") == "已销号"


def test_a_lapsed_explanation_of_an_open_case_goes_back_to_verification():
    """A case in 外地就读待转学 whose holding has ended is 待核实 again (contract §5: Rates take only what holds)."""
    said = "姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 期间\n王一 | 2023-10-10 | 镇街 | 外地就读无学籍 | 外地小学 | 2023-B5"
    first = build_town(
        "2024-B6",
        **OUT,
        suspect="批次 | 下发日期 | 姓名\n一 | 2023-09-20 | 王一",
        verification=said.replace("2023-B5", "2024-B6"),
    )
    assert first.case_states() == {"王一": "外地就读待转学"}
    assert build_town(
        "2025-B1", after=first, **OUT, verification=said.replace("2023-B5", "2024-B6")
    ).case_states() == {"王一": "待核实"}
