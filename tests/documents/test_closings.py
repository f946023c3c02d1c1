"""销号 by ledger: what the suspected ledger lost is its closings and what moved to another ledger, nothing else."""

from schemas.bimester import Bimester
from tests.towns.town import build_town, in_school
from transforms.documents.case_papers import list_case_ledgers, read_cases
from transforms.documents.counted import read_counts
from transforms.documents.reading import Source, read_ledgers


def test_closings_of_the_dropout_ledger_are_not_counted_among_suspects():
    listed = "批次 | 下发日期 | 来源 | 姓名 | 性别 | 出生日期\n" + "\n".join(
        f"一批 | 2025-03-06 | 平台下发 | {name} | 男 | 2016-03-01" for name in ("王一", "赵三", "钱四", "孙五"))
    child = in_school("王一 赵三 钱四 孙五")["child"]
    before = "姓名 | 核实日期 | 核实单位 | 核实结果 | 佐证材料 | 期间\n王一 | 2025-04-10 | 镇街 | 失学 | - | 2025-B2"
    then = build_town("2025-B2", child=child, suspect=listed, verification=before.replace(" | 期间", "").replace(" | 2025-B2", ""))
    now = before + "\n王一 | 2025-05-10 | 教委 | 死亡 | 证明 | 2025-B3\n赵三 | 2025-05-10 | 镇街 | 死亡 | 证明 | 2025-B3"
    now += "\n钱四 | 2025-05-10 | 镇街 | 失学 | - | 2025-B3"
    now = "\n".join(line + (" | 审核人" if n == 0 else " | 某" if "王一 | 2025-05" in line else " | -") for n, line in enumerate(now.split("\n")))
    first, *rest = listed.split("\n")
    listed = "\n".join([first + " | 期间", *(line + " | 2025-B2" for line in rest)])
    first, *rest = child.split("\n")
    child = "\n".join([first + " | 期间", *(line + " | 2025-B2" for line in rest)])
    town = build_town("2025-B3", after=then, child=child, suspect=listed, verification=now)
    source = Source(town.con, Bimester.parse("2025-B3"), 1)
    counts = read_counts(source)
    assert counts["closings"].find("死亡") == {"closed_as": "死亡", "suspected": 1, "dropout": 1, "tracked": 0, "children": 2}
    sheet = list_case_ledgers(read_cases(town.con, source.period), source.period)["辍学学生台账"][0]
    # 王一 was closed by a signature in the period and 钱四 came onto the ledger: the list shows whom the report counts
    assert sheet.frame.select("name", "closed_as").sort("name").rows() == [("王一", "死亡"), ("钱四", None)]
    assert sheet.frame.height == read_ledgers(source)["dropout"].closing + counts["closings"].sums["dropout"]
    assert sheet.note.startswith("注：期末在册1人；本期销号1人")
    lost = read_ledgers(source)["suspected"].closed
    sums = counts["suspect_by_township"].sums
    assert lost == counts["closings"].sums["suspected"] + sums["tracked"] + sums["dropped_out"] == 2
