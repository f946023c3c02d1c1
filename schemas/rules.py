"""Validation rules (contract §4), declared once: id, strength, title, what to say, how to mend.

How a rule is computed stands in `transforms/validated/`; nothing else repeats its words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Strength = Literal["report", "quarantine", "stop"]


@dataclass(frozen=True)
class Rule:
    """One rule. `message` is a template with `{heading}` (and, for stop rules, more named parts)."""

    id: str
    strength: Strength
    title: str
    message: str
    mend: str

    def say(self, **parts: object) -> str:
        """Return the Chinese sentence: what is wrong, then how to mend it."""
        return self.message.format(**parts) + "。" + self.mend.format(**parts)


def _report(id: str, title: str, message: str, mend: str) -> Rule:
    return Rule(id, "report", title, message, mend)


def _quarantine(id: str, title: str, message: str, mend: str) -> Rule:
    return Rule(id, "quarantine", title, message, mend)


def _stop(id: str, title: str, message: str, mend: str) -> Rule:
    return Rule(id, "stop", title, message, mend)


_ALL = (
    # the id alone: reported, set aside as not valid, the row goes on (contract §3)
    _report("id_empty", "证件号为空", "{heading}为空", "请补填18位身份证号；确无户籍的注明无户籍。"),
    _report("id_length", "证件号位数不对", "{heading}不是18位", "请核对户口簿后改正。"),
    _report("id_check_digit", "证件号校验码不符", "{heading}校验码不符或号码不成立", "请核对户口簿后改正。"),
    _report("id_excel_lost", "证件号被表格软件改坏", "{heading}被表格软件当作数字，后几位已丢失",
            "请先把该列设为文本格式，再重新填入完整号码。"),
    _report("id_fifteen", "证件号15位", "{heading}只有15位，号码不完整", "本区学龄儿童均为18位号码，请核对户口簿后改正。"),
    _report("id_birth_mismatch", "出生日期与证件号不符", "{heading}与身份证号中的出生日期不一致，以身份证号为准",
            "请核对户口簿后改正。"),
    _report("id_sex_mismatch", "性别与证件号不符", "{heading}与身份证号不一致，以身份证号为准", "请核对户口簿后改正。"),
    _report("id_place_unknown", "证件号地址码不存在", "{heading}前6位地址码在出生当年并不存在", "请核对户口簿；确实无误的不必改动。"),
    # the row goes on, somebody should look
    _report("registry_number_invalid", "学籍号写法不对", "{heading}应为G、L或J加18位，所填不符，未采用", "请从学籍系统重新导出。"),
    _report("age_out_of_range", "年龄超出常理", "按{heading}计算的年龄超出义务教育学籍的常见范围", "请核对出生日期和年级。"),
    _report("name_odd", "姓名含数字或字母", "{heading}含有数字或拉丁字母", "请按户口簿改正；外籍学生确为字母姓名的不必改动。"),
    _report("village_unknown", "村社不在名册", "{heading}不在镇街村社名册中", "请改用名册中的村社名称，或更新镇街村社名册。"),
    _report("status_defaulted", "学籍状态未报", "{heading}未填或没有这一列，按在读处理", "如有休学、转出等情况，请补填后重报。"),
    _report("title_school_unknown", "标题中的学校不在名册", "标题中的{heading}不在学校名册中，不能确定是哪所学校交的表",
            "请按学校名册改正标题中的10位学校标识码后重交；确为新学校的，先更新学校名册。"),
    _report("file_conflict", "几个文件所报不一致", "另一个文件里有{heading}都相同而所报不同的行，只采用了一份",
            "请核对后只留正确的一份；更正的请替换原来的文件。"),
    # the row is set aside
    _quarantine("identity_missing", "无法认定是谁", "没有有效证件号、学籍号，也没有姓名＋性别＋出生日期，无法认定是哪名儿童",
                "请补填其中一种。"),
    _quarantine("required_empty", "必填项为空", "{heading}为必填项，未填", "请补填。"),
    _quarantine("formula_unsaved", "公式没有保存结果", "{heading}是公式，文件里没有保存它的结果",
                "请用WPS或Excel打开后保存，或复制后选择性粘贴为数值，再重报。"),
    _quarantine("cell_error", "公式出错", "{heading}是公式的错误值，不是数据", "请改正公式或直接填写，再重报。"),
    _quarantine("code_unknown", "取值不在代码表", "{heading}的填法不在代码表中（可填{choices}）", "请改用规定的取值。"),
    _quarantine("date_impossible", "日期不成立", "{heading}不是成立的日期",
                "请改为如 2015-09-01 的写法（月份如 2025年6月，年份如 2024），并核对是否真实存在。"),
    _quarantine("month_elsewhere", "月份不在本期", "{heading}不在本期",
                "月份写错的请改正后重报；确是别的月份的，请放入那个月所在一期的收件文件夹。"),
    _quarantine("number_impossible", "数值不成立", "{heading}不是成立的数值", "请改为不小于0且与其他栏不矛盾的数字。"),
    _quarantine("school_unknown", "学校不在名册", "{heading}对应的学校不在学校名册中（代码、校名、标题和文件夹均未认出）",
                "请核对10位学校标识码，或更新学校名册。"),
    _quarantine("township_unknown", "镇街不认识", "{heading}不是本区的镇街", "请改用镇街全称。"),
    _quarantine("grade_not_offered", "学校没有这个年级", "{heading}不是该类学校开设的年级", "请核对年级或学校标识码。"),
    _quarantine("duplicate_conflict", "同一文件内重复且不一致", "同一文件内有{heading}都相同而其他内容不同的行，都已隔离",
                "请只保留正确的一行后重报。"),
    # the run is refused
    _stop("inbox_empty", "收件箱为空", "收件箱中没有{period}的任何数据文件", "请把本期数据放入 inbox/{period}/ 后重新运行。"),
    _stop("extract_missing", "缺必报数据", "缺少必报的《{extract}》", "请把该表放入 inbox/{period}/ 后重新运行。"),
    _stop("month_missing", "缺月报", "缺少{month}的《在校学生月报》或《班级在校情况汇总》", "请催报后放入 inbox/{period}/ 再运行。"),
    _stop("file_unreadable", "文件无法读取", "文件“{file}”不是可读的电子表格或文本数据（{reason}）",
          "请用WPS或Excel打开后另存为.xlsx再放回；不是数据的文件请移出收件箱。"),
    _stop("file_alien", "不是表格", "文件“{file}”不是表格（{reason}）", "数据请放入原来的表格文件；不是报送数据的请移出收件箱。"),
    _stop("file_empty", "工作表是空的", "文件“{file}”的工作表是空的，没有表头也没有数据",
          "请填好后再放回；多余的文件请移出收件箱。"),
    _stop("file_headings", "列名都不认识", "文件“{file}”的列名都不认识，看到的是：{found}",
          "请改用填表说明中的列名（如姓名、身份证件号）；不是报送数据的请移出收件箱。"),
    _stop("file_encrypted", "文件有密码", "文件“{file}”设有打开密码，无法读取", "请去掉密码另存后再放回。"),
    _stop("file_unknown", "文件认不出", "文件“{file}”认不出是哪种数据，最接近《{extract}》，缺少列：{lacking}{unknown}",
          "请补上所缺列（列名可参照填表说明）；不是报送数据的请移出收件箱。"),
    _stop("file_all_quarantined", "整个文件被隔离", "文件“{file}”（{extract}）的{rows}行全部有问题，没有一行可用，主要原因：{reason}",
          "请用 baoxue check 查看逐行问题，改正后重报，或先移出收件箱。"),
    _stop("quarantine_share", "隔离比例过高", "《{extract}》共{rows}行，隔离{quarantined}行，超过{limit:.0%}的上限，主要原因：{reason}",
          "请用 baoxue check 查看逐行问题，改正后重报。"),
    _stop("sealed_by_name", "涉案未成年人不得报名单", "文件“{file}”列有涉案未成年人的个人信息，不予接收",
          "依法只报人数，请改报《涉案未成年人情况（只报人数）》，并删除该文件。"),
)  # fmt: skip

RULES: dict[str, Rule] = {rule.id: rule for rule in _ALL}
