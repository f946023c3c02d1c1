"""The likely cause: a proposal with its nearest record, never a closing. Rules page: transforms/compared/likely_cause.md."""

from tests.towns.town import build_town, in_school, join_tables, make_id

BIRTH = "2016-03-01"
RIGHT = make_id("王一", BIRTH, "男")
WRONG = RIGHT[:16] + str((int(RIGHT[16]) + 2) % 10) + RIGHT[17]
CHILD = "姓名 | 性别 | 出生日期 | 身份证件号 | 镇街 | 村社\n"
REGISTRY = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 身份证件号 | 学籍状态\n"


def cause(town) -> dict:
    return town.by_name("person_id, likely_cause, confidence from compared.explained")


def test_one_digit_between_the_registers_is_an_id_error():
    town = build_town(
        child=CHILD + f"王一 | 男 | {BIRTH} | {RIGHT} | 甲镇 | 东村",
        registry=REGISTRY + f"1000000001 | 3 | 1班 | 王一 | 男 | {BIRTH} | {WRONG} | 在读",
    )
    assert cause(town) == {"王一": ("证件错误", "高")}
    assert town.rows("select p.id_number from compared.explained x join conformed.person p on x.nearest_person_id = p.person_id"
                     ) == [(WRONG,)], "the record of the other register stands beside"  # fmt: skip
    assert town.case_states() == {"王一": "待核实"}, "a proposal closes nothing"


def test_a_namesake_who_is_in_the_roster_too_is_another_child():
    """Not one true dropout is explained away by somebody alike."""
    town = build_town(
        child=CHILD + f"王一 | 男 | {BIRTH} | {RIGHT} | 甲镇 | 东村\n王一 | 男 | {BIRTH} | {WRONG} | 甲镇 | 东村",
        registry=REGISTRY + f"1000000001 | 3 | 1班 | 王一 | 男 | {BIRTH} | {WRONG} | 在读",
    )
    assert cause(town) == {"王一": ("疑似辍学", "低")}


def test_a_confirmed_dropout_is_never_explained():
    said = "姓名 | 身份证件号 | 核实日期 | 核实单位 | 核实结果\n" + f"王一 | {RIGHT} | 2025-05-20 | 镇街 | 确认辍学"
    town = build_town(
        child=CHILD + f"王一 | 男 | {BIRTH} | {RIGHT} | 甲镇 | 东村",
        registry=REGISTRY + f"1000000001 | 3 | 1班 | 王一 | 男 | {BIRTH} | {WRONG} | 在读", verification=said,
    )  # fmt: skip
    assert cause(town)["王一"][0] == "疑似辍学"


def test_signs_of_other_registers():
    child = CHILD.replace("村社", "村社 | 底册状态") + "\n".join(
        f"{name} | 男 | {BIRTH} | {make_id(name, BIRTH, '男')} | 甲镇 | 东村 | {status}"
        for name, status in (("王一", "迁出"), ("赵三", "空挂户"), ("钱四", "正常"), ("孙五", "正常"))
    )
    town = build_town(
        child=child, registry=in_school("李二")["registry"],
        vocational=f"姓名 | 身份证件号 | 学校名称 | 入学日期\n钱四 | {make_id('钱四', BIRTH, '男')} | 某职校 | 2025-03-01",
    )  # fmt: skip
    assert {name: c for name, (c, _) in cause(town).items()} == {"王一": "迁出", "赵三": "空挂户", "钱四": "中职就读", "孙五": "疑似辍学"}


def test_on_a_list_and_in_class_the_list_is_at_fault():
    world = in_school("王一 李二")
    town = build_town(
        **join_tables(world), suspect=f"批次 | 下发日期 | 姓名 | 身份证件号\n一 | 2025-05-06 | 王一 | {RIGHT[:-1] + 'Y'}\n"
        f"一 | 2025-05-06 | 李二 | {make_id('李二', BIRTH, '男')}",
        class_roll="月份 | 学校标识码 | 年级 | 班级 | 在籍人数 | 在校人数\n"
        "2025-05 | 1000000001 | 3 | 1 | 2 | 2\n2025-06 | 1000000001 | 3 | 1 | 2 | 2",
    )  # fmt: skip
    assert {name: c for name, (c, _) in cause(town).items()}["李二"] == "数据未报送"
