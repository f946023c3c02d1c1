"""A town over school year 2024, small enough to count by hand: the worked example of the roll rates' rules pages.

Last snapshot of the year before (2024年7—8月): 甲 乙 丙 丁 戊 in grade 3 of 甲小学, 毕业生 in grade 9 of 乙中学.
First snapshot of the year (2024年9—10月): the five in grade 4, 新生 in grade 1, 转入 in grade 4; 毕业生 is booked as 毕业.
Now (2025年5—6月): 甲, 新生, 转入 在读, 乙 休学, 丁 在读 but 确认辍学, 丙 moved out of the district, 戊 gone without a word.
转入 stands on a list and is not yet verified.
"""

HEAD = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 学籍状态 | 期间\n"


def _record(
    names: str, grade: str, birth: str, period: str, status: str = "在读", school: str = "1000000001"
) -> str:
    return "".join(
        f"{school} | {grade} | 1班 | {name} | 男 | {birth} | {status} | {period}\n" for name in names.split()
    )


OLD, NEW, LEAVER = "2015-03-01", "2018-03-01", "2009-10-01"
YEAR_BEFORE = _record("甲 乙 丙 丁 戊", "3", OLD, "2024-B4") + _record(
    "毕业生", "9", LEAVER, "2024-B4", school="1000000002"
)
FIRST = _record("甲 乙 丙 丁 戊 转入", "4", OLD, "2024-B5") + _record("新生", "1", NEW, "2024-B5")
FIRST += _record("毕业生", "9", LEAVER, "2024-B5", "毕业", "1000000002")
NOW = (
    _record("甲 丁 转入", "4", OLD, "2025-B3")
    + _record("乙", "4", OLD, "2025-B3", "休学")
    + _record("新生", "1", NEW, "2025-B3")
)

SCHOOL_YEAR = {
    "child": "姓名 | 性别 | 出生日期 | 镇街 | 村社\n"
    + "".join(f"{name} | 男 | {OLD} | 甲镇 | 东村\n" for name in ["甲", "乙", "丙", "丁", "戊", "转入"])
    + f"新生 | 男 | {NEW} | 甲镇 | 东村\n毕业生 | 男 | {LEAVER} | 甲镇 | 东村\n",
    "registry": HEAD + YEAR_BEFORE + FIRST + NOW,
    "movement": "姓名 | 异动类型 | 异动日期 | 办理状态 | 转入学校名称 | 期间\n丙 | 转出 | 2025-03-10 | 已办结 | 外地小学 | 2025-B2",
    "verification": "姓名 | 核实日期 | 核实单位 | 核实结果 | 期间\n丁 | 2025-05-20 | 学校 | 确认辍学 | 2025-B3",
    "suspect": "批次 | 下发日期 | 姓名\n第一批 | 2025-06-20 | 转入",
}  # fmt: skip
