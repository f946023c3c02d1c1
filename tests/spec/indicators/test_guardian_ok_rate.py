"""监护落实率: care children by their worst row; an unknown 监护情况 counts nowhere."""

from tests.towns.town import build_town

CARE = """
姓名 | 性别 | 出生日期 | 类别 | 监护情况 | 镇街 | 受委托照护人
正常 | 男 | 2014-03-01 | 留守儿童 | 正常 | 甲镇 | -
有人照护 | 女 | 2014-03-02 | 留守儿童 | 无人监护 | 甲镇 | 某人
无人管 | 男 | 2014-03-03 | 困境儿童 | 无人监护 | 甲镇 | -
无人管 | 男 | 2014-03-03 | 留守儿童 | 正常 | 甲镇 | -
未知 | 男 | 2014-03-04 | 留守儿童 | - | 甲镇 | -
"""


def test_the_worst_row_of_a_child_counts():
    heads = "姓名 | 身份证件号 | 类别 | 监护情况 | 镇街 | 受委托照护人"
    ids = {"正常": "500153201403010012", "有人照护": "500153201403020021", "无人管": "500153201403030017", "未知": "500153201403040012"}
    rows = [[cell.strip() for cell in line.split("|")] for line in CARE.strip().splitlines()[1:]]
    table = "\n".join([heads, *(" | ".join([r[0], ids[r[0]], *r[3:]]) for r in rows)])
    town = build_town(care=table)
    assert town.rate("guardian_ok_rate") == (2, 3)
    assert town.rate("guardian_ok_rate", area_level="township", area_name="甲镇") == (2, 3)
