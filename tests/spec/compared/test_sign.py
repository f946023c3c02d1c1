"""Where a child under suspicion may be, the surest sign first. Rules page: transforms/compared/likely_cause.md."""

from tests.towns.town import build_town, in_school, make_id

BIRTH = "2016-03-01"
NAMES = ("有结论", "有状态", "有学籍", "有中职", "有残疾", "有转出", "什么都无", "已认定")


def number(name: str) -> str:
    return make_id(name, BIRTH, "男")


def test_the_surest_sign_comes_first():
    """A word though lapsed, the 底册, the own last record, 中职, the disabled's list, an unfinished 转出: each hides the later ones.
    A confirmed dropout is a sign of nothing else."""
    child = "姓名 | 性别 | 出生日期 | 镇街 | 底册状态\n" + "\n".join(
        f"{name} | 男 | {BIRTH} | 甲镇 | {'空挂户' if name in ('有结论', '有状态') else '正常'}" for name in NAMES)  # fmt: skip
    town = build_town(
        child=child,
        registry=in_school("李二")["registry"] + f"\n1000000001 | 3 | 1班 | 有学籍 | 男 | {BIRTH} | 已转出",
        verification="姓名 | 核实日期 | 核实单位 | 核实结果 | 就读学校名称 | 佐证材料 | 期间\n"
        "有结论 | 2023-03-01 | 镇街 | 外地就读有学籍 | 外地小学 | 卡 | 2023-B2\n已认定 | 2025-05-20 | 学校 | 失学 | - | - | 2025-B3",
        vocational="姓名 | 身份证件号 | 学校名称 | 入学日期\n"
        + "\n".join(f"{name} | {number(name)} | 某职校 | 2025-03-01" for name in ("有状态", "有学籍", "有中职", "已认定")),
        disabled="姓名 | 身份证件号 | 镇街 | 安置方式\n" + "\n".join(f"{name} | {number(name)} | 甲镇 | 延缓入学" for name in ("有中职", "有残疾")),
        movement="姓名 | 身份证件号 | 异动类型 | 异动日期 | 办理状态\n"
        + "\n".join(f"{name} | {number(name)} | 转出 | 2025-03-01 | 办理中" for name in ("有残疾", "有转出")),
    )  # fmt: skip
    assert town.by_name("person_id, rank, sign, confidence from compared.sign") == {
        "有结论": (1, "外地就读有学籍", "较高"), "已认定": (1, "疑似辍学", "较高"),
        "有状态": (2, "空挂户", "较高"), "有学籍": (3, "已转出", "较高"), "有中职": (4, "中职就读", "高"),
        "有残疾": (5, "延缓入学", "较高"), "有转出": (7, "外地就读有学籍", "中"),
    }  # fmt: skip


def test_a_visit_or_a_word_that_settles_nothing_is_no_sign():
    town = build_town(
        child=in_school("王一")["child"], registry=in_school("李二")["registry"],
        verification="姓名 | 核实日期 | 核实单位 | 核实结果\n王一 | 2025-05-20 | 学校 | 其他\n王一 | 2025-05-21 | 学校 | 在校就读",
        persuasion="姓名 | 劝返日期 | 劝返单位 | 结果\n王一 | 2025-05-22 | 学校 | 承诺复学",
    )  # fmt: skip
    assert town.names("unenrolled") == ["王一"]
    assert town.rows("from compared.sign") == []
