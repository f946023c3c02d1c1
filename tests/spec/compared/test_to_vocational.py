"""提前转入中职: there before grade 9 is finished. Rules page: transforms/compared/to_vocational.md."""

from tests.towns.town import build_town, in_school, join_tables


def test_a_ninth_grader_in_a_vocational_school_is_found():
    town = build_town(
        **in_school("王一 李二", grade="9", school="1000000002"),
        vocational="姓名 | 学校名称 | 入学日期\n王一 | 某职校 | 2025-03-01",
    )
    assert town.names("to_vocational") == ["王一"]


def test_a_move_counts_too():
    town = build_town(
        **in_school("王一", grade="9", school="1000000002"),
        movement="姓名 | 异动类型 | 异动日期 | 办理状态\n王一 | 转入中职 | 2025-05-06 | 办理中",
    )
    assert town.names("to_vocational") == ["王一"]


def test_a_graduate_is_not_found():
    town = build_town(
        **join_tables(in_school("李二"), in_school("王一", grade="9", school="1000000002", status="毕业")),
        vocational="姓名 | 学校名称 | 入学日期\n王一 | 某职校 | 2025-06-20",
    )
    assert town.names("to_vocational") == []


def test_without_either_register_it_is_not_reported():
    town = build_town(**in_school("王一"))
    assert town.rows("select reported from compared.coverage where comparison = 'to_vocational'") == [(False,)]
