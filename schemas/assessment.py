"""What a school's yearly assessment measures (M17): declared once; points come only from a score sheet of the office."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AssessmentItem:
    """One item: a share (numerator of denominator) or a count of faults.

    `says`: what is counted. `indicator`: the indicator whose cell of the school is taken, else "". `empty`: why a
    school may have no figure. `is_veto`: a clue set beside the score, decided by a person, never scored.
    """

    id: str
    title: str
    is_share: bool
    says: str
    indicator: str = ""
    empty: str = "本学年没有此类对象"
    is_veto: bool = False


_ALL = (
    AssessmentItem("enrolment", "对口范围入学率", True, "对口（或招生名册所列）适龄儿童中已入学的", "enrolment_rate",
                   "没有对口学校或招生名册数据"),
    AssessmentItem("out_at_end", "期末辍学失联人数", False, "归属本校、期末在劝返中或失联的儿童"),
    AssessmentItem("return_stayed", "复学并在校满30天", True, "本学年确认或结转的辍学儿童中，已复学且满30天的"),
    AssessmentItem("retention", "学年巩固率", True, "应巩固学生中未流失的", "retention_rate_year", "没有学年初名册"),
    AssessmentItem("disabled_placed", "残疾儿童入学", True, "对口范围内残疾儿童中已入学的", "enrolment_rate_disabled",
                   "对口范围内没有残疾儿童，或没有残疾儿童少年名册、对口学校数据"),
    AssessmentItem("reports", "月报缺报次数", False, "本学年应报月份中没有可用报表的（收件日期不存，迟报不计）"),
    AssessmentItem("followed_up", "疑似对象按时核实", True, "本学年立案、归属本校且核实期限已到的案件中，按时核实的"),
    AssessmentItem("visits_complete", "劝返记录完整", True, "本校劝返记录中，劝返人、方式、辍学原因齐全（已复学的并有复学日期）的"),
    AssessmentItem("notices_served", "文书送达", True, "本校劝返记录所列文书中，有送达日期的"),
    AssessmentItem("aid", "资助到位", True, "应助在校学生中本学期已获资助的", "aid_coverage_rate", "没有应助学生，或未报送学生资助"),
    AssessmentItem("registers", "名册不一致", False, "在校无学籍、一人多籍、身份信息不一致的人数，加人数不闭合的班级月数"),
    AssessmentItem("veto_elsewhere", "人籍分离", False, "已核实在外地就读而学籍仍在本校的学生", is_veto=True),
    AssessmentItem("veto_absent", "籍在人不在", False, "在读而不在任何班级名单、离校未归或连续无故缺勤达到天数的学生", is_veto=True),
    AssessmentItem("veto_told_present", "报在校而核实辍学", False, "认定辍学后的月份，本校月报仍报为在校的学生", is_veto=True),
)  # fmt: skip

ITEMS: dict[str, AssessmentItem] = {item.id: item for item in _ALL}
# What no data can show: set out for the person who decides.
VETO_BY_HAND = (
    "瞒报控辍保学情况（2024年通知）",
    "开除或变相开除学生（义务教育法第二十七条、第五十七条）",
    "拒绝接收能在普通班级学习的残疾儿童（义务教育法第五十七条）",
    "劝返无效而未书面报告（未成年人保护法第二十八条）",
    "泄露儿童个人信息",
)
