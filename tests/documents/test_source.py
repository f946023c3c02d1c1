"""Templates: filled, guarded, parsed and numbered."""

from pathlib import Path

import pytest

from transforms.documents.blocks import (
    Annex,
    Column,
    Grid,
    GridCell,
    GridRow,
    Heading,
    Paragraph,
    Signature,
    Table,
    label_pairs,
    plan_header,
)
from transforms.documents.source import TemplateFault, build_paper, fill_template

FRONT = '---\n标题: "甲区|情况报告"\n主送: "某委"\n落款: "甲区教委"\n成文日期: "2025年7月5日"\n---\n'
TABLE = Table("人数", "各镇人数", (Column("镇"), Column("人数")), (("甲镇", "3"),))


def write(folder: Path, text: str) -> Path:
    (folder / "试.md.j2").write_text(text, encoding="utf-8")
    return folder


def build(folder: Path, text: str, **values):
    return build_paper("试.md.j2", values, {"人数": TABLE}, {}, properties={}, folders=(write(folder, text),))


def test_a_small_paper_becomes_blocks_in_order(tmp_path):
    text = (
        FRONT + "# 情况\n\n## 总体\n\n全区{{ n }}人。\n\n::: 表 人数\n:::\n\n# 打算\n\n::: 附件 名单\n:::\n"
    )
    paper = build(tmp_path, text, n=39242)
    assert paper.title == ("甲区", "情况报告")
    said = [getattr(block, "text", getattr(block, "caption", block)) for block in paper.blocks]
    assert said[:6] == ["某委：", "一、情况", "（一）总体", "全区39242人。", "表1　各镇人数", "二、打算"]
    assert paper.blocks[6:] == (
        Paragraph("附件：名单", "附件说明"), Signature("甲区教委", "2025年7月5日"), Annex("名单")
    )  # fmt: skip


def test_sections_left_out_leave_no_gap_in_the_numbers(tmp_path):
    text = FRONT + "# 甲\n\n{% if show %}\n# 乙\n\n{% endif %}\n# 丙\n"
    heads = [b.text for b in build(tmp_path, text, show=False).blocks if isinstance(b, Heading)]
    assert heads == ["一、甲", "二、丙"]


def test_points_are_counted_only_when_there_are_several(tmp_path):
    two = [b.text for b in build(tmp_path, FRONT + "- 甲。\n\n- 乙。\n").blocks if isinstance(b, Paragraph)]
    one = [b.text for b in build(tmp_path, FRONT + "- 甲。\n").blocks if isinstance(b, Paragraph)]
    assert two[1:] == ["一是甲。", "二是乙。"]
    assert one[1:] == ["甲。"]


def test_a_missing_value_names_template_line_and_item(tmp_path):
    with pytest.raises(TemplateFault, match=r"模板 试\.md\.j2 第8行：没有“absent”这个数据项"):
        build(tmp_path, FRONT + "第一行。\n{{ absent }}\n")


def test_a_missing_attribute_is_named_too(tmp_path):
    with pytest.raises(TemplateFault, match=r"第7行：没有“rate”这个数据项"):
        build(tmp_path, FRONT + "{{ t.rate }}\n", t=object())


@pytest.mark.parametrize(("value", "said"), [(None, "空值"), (99.9, "未定位数的小数")])
def test_empty_values_and_bare_fractions_are_refused(tmp_path, value, said):
    with pytest.raises(TemplateFault, match=f"第7行：.*{said}"):
        build(tmp_path, FRONT + "{{ v }}\n", v=value)


def test_values_cannot_change_the_layout(tmp_path):
    paper = build(tmp_path, FRONT + "{{ v }}\n", v='# 甲\n::: 表 人数\x07**乙** "丙"')
    assert [b.text for b in paper.blocks[1:2]] == ["＃ 甲 ：：： 表 人数 ＊＊乙＊＊ ”丙”"]
    assert not any(isinstance(b, Table) for b in paper.blocks)


def test_an_unknown_table_is_an_error(tmp_path):
    with pytest.raises(TemplateFault, match="没有名为“表 没有”的表或图"):
        build(tmp_path, FRONT + "::: 表 没有\n:::\n")


def test_unknown_front_matter_is_an_error(tmp_path):
    with pytest.raises(TemplateFault, match="不认识：题目"):
        build(tmp_path, '---\n标题: "甲"\n题目: "乙"\n---\n')


def test_a_broken_template_says_where(tmp_path):
    with pytest.raises(TemplateFault, match=r"试\.md\.j2 第2行"):
        fill_template("试.md.j2", {}, (write(tmp_path, "甲\n{% if %}\n"),))


def test_merged_header_cells():
    depth, cells = plan_header((Column("镇"), Column("人数/小学"), Column("人数/初中"), Column("率")))
    placed = {cell.text: (cell.row, cell.column, cell.colspan, cell.rowspan) for cell in cells}
    assert depth == 2
    assert placed == {
        "镇": (0, 0, 1, 2),
        "人数": (0, 1, 2, 1),
        "小学": (1, 1, 1, 1),
        "初中": (1, 2, 1, 1),
        "率": (0, 3, 1, 2),
    }


def test_a_table_row_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="有一行是1格，应为2格"):
        Table("x", "表", (Column("甲"), Column("乙")), (("1",),))


def test_an_unknown_layout_is_an_error(tmp_path):
    with pytest.raises(TemplateFault, match="版式应为公文、信函、表单之一"):
        build(tmp_path, FRONT.replace("---\n标题", "---\n版式: 海报\n标题"))


def test_a_grid_of_pairs_fills_its_rows():
    grid = label_pairs("表", (("姓名", "甲"), ("性别", "男"), ("住址", "东村")))
    assert [[(c.text, c.span) for c in row.cells] for row in grid.rows] == [
        [("姓名", 1), ("甲", 1), ("性别", 1), ("男", 1)],
        [("住址", 1), ("东村", 3)],
    ]
    with pytest.raises(ValueError, match="有一行不是2格"):
        Grid("表", (1, 1), (GridRow((GridCell("甲"),)),))
