"""Whose child it is and where it lives, as linking compares it: the newest row that names a guardian."""

from tests.towns.town import build_town

CHILD = "姓名 | 性别 | 出生日期 | 镇街 | 住址 | 监护人姓名 | 监护人电话 | 期间\n"
REGISTRY = "学校标识码 | 年级 | 班级 | 姓名 | 性别 | 出生日期 | 现住址 | 户口所在地 | 监护人姓名 | 监护人电话 | 期间\n"


def test_the_newest_row_that_names_a_guardian():
    """A later row without one leaves the earlier; of one period the 底册's; without an address the place of the household's register."""
    town = build_town(
        child=CHILD + "王一 | 男 | 2016-03-01 | 甲镇 | 东村一组 | 王父 | 13800000001 | 2025-B2\n赵三 | 男 | 2016-03-01 | 甲镇 | - | - | - | 2025-B3",
        registry=REGISTRY + """1000000001 | 3 | 1班 | 王一 | 男 | 2016-03-01 | 西村 | - | - | - | 2025-B3
        1000000001 | 3 | 1班 | 赵三 | 男 | 2016-03-01 | - | 甲镇西村 | 赵母 | 13800000003 | 2025-B2
        1000000001 | 3 | 1班 | 李二 | 男 | 2016-03-02 | 乙镇 | 甲镇 | 李父 | - | 2025-B2
        1000000001 | 3 | 1班 | 李二 | 男 | 2016-03-02 | 东村 | 甲镇 | 李母 | 13800000002 | 2025-B3""",
    )  # fmt: skip
    assert town.by_name("person_id, guardian_name, guardian_phone, address from compared.home") == {
        "王一": ("王父", "13800000001", "东村一组"), "赵三": ("赵母", "13800000003", "甲镇西村"), "李二": ("李母", "13800000002", "东村"),
    }  # fmt: skip
