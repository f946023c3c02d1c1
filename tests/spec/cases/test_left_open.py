from tests.towns.town import build_town, make_id

NUMBER, ID = "G500153201603010015", make_id("王一", "2016-03-01", "男")
LIST = f"""批次 | 下发日期 | 姓名 | 性别 | 出生日期 | 身份证件号 | 全国学籍号 | 期间
一 | 2025-01-10 | 王一 | 男 | 2016-03-01 | {ID} | - | 2025-B1
二 | 2025-03-10 | 王一 | - | - | - | {NUMBER} | 2025-B2"""
REGISTRY = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态 | 身份证件号 | 全国学籍号 | 期间\n"
SAID = "姓名 | 身份证件号 | 案件编号 | 核实日期 | 核实单位 | 核实结果 | 佐证材料 | 期间\n"
TOLD = f"""王一 | - | RC2025B2-00001 | 2025-04-10 | 公安 | 户籍或证件错误 | 说明 | 2025-B2
王一 | {ID} | - | 2025-07-10 | 公安 | 户籍迁出 | 回函 | 2025-B4
王一 | {ID} | - | 2025-09-20 | 公安 | 死亡 | 证明 | 2025-B5"""


def test_the_case_that_stayed_open_hears_what_is_said_of_its_child():
    """Two listed children prove to be one after the later case has closed: the earlier, still open, hears what names no case and
    closes by it; once closed it hears no more (contract §6)."""
    rows = [f"1000000001 | 3 | 1班 | 李二 | 男 | 2016-03-02 | 在读 | - | - | 2025-B{n}" for n in range(1, 6)]
    rows += [f"1000000001 | 3 | 1班 | 王一 | 男 | 2016-03-01 | 在读 | {ID} | {NUMBER} | 2025-B{n}" for n in range(3, 6)]
    town, course = None, []
    for period in ("2025-B1", "2025-B2", "2025-B3", "2025-B4", "2025-B5"):
        heard = "\n".join(row for row in TOLD.splitlines() if row[-7:] <= period)
        town = build_town(period, after=town, registry=REGISTRY + "\n".join(row for row in rows if row[-7:] <= period),
                          suspect=LIST, **({"verification": SAID + heard} if heard else {}))  # fmt: skip
        course.append(town.rows("select state, closed_as, closed_on::varchar from cases.case order by case_no"))
    opened, closed = ("待核实", None, None), ("已销号", "户籍或证件错误", "2025-04-10")
    assert course == [
        [opened], [opened, opened], [opened, closed],
        [("已销号", "户籍迁出", "2025-07-10"), closed], [("已销号", "户籍迁出", "2025-07-10"), closed],
    ]  # fmt: skip
    assert town.rows("select event from cases.event where case_no = 'RC2025B1-00001' order by seq") == [
        ("立案",), ("户籍迁出",), ("销号（户籍迁出）",),
    ]  # fmt: skip
    assert town.rows("select case_no, after_period, last_period from cases.left_open") == [("RC2025B1-00001", "2025-B3", "2025-B4")]
    # opened for what were two children then, it named no case before it; what was told stays
    assert town.rows("select event from cases.event where case_no = 'RC2025B2-00001' order by seq limit 1") == [("立案",)]
