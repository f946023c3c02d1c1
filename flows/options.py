"""The office's own settings of how the home is run: `settings.yaml` in the home. Figures depend on none of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from flows.faults import WrongUse
from flows.settings import Home
from transforms.engine import Engine

SHORTEST_DATA_YEARS = 10  # nine school years and one: younger data still explain a child of school age


@dataclass(frozen=True)
class Option:
    """One setting: section and key as the file writes them, its default, and what it means."""

    section: str
    key: str
    default: Any
    meaning: str
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()


OPTIONS = (
    Option("保留年限", "收件和文稿", 3, "收件原件、落地文本和文稿保留几年", least=1),
    Option("保留年限", "数据", SHORTEST_DATA_YEARS, "校验后的数据和姓名对照保留几年", least=SHORTEST_DATA_YEARS),
    Option("机器", "内存上限", 0, "计算最多用多少MB内存，超出部分暂存磁盘；0为机器内存的四分之一", least=0),
    Option("机器", "线程", 0, "计算同时用几个核；0为全部", least=0),
    Option("机器", "计算引擎", "", "在 Spark 上计算时填其地址，如 sc://主机:15002；空则用本机。见 docs/spark.md"),
    Option("加密存储", "启用", "否", "是：数据湖、姓名对照和假名密钥加密存放", choices=("是", "否")),
    Option("加密存储", "密钥文件", "", "密钥放在哪里，如另一块盘或U盘上的文件；空则为 private/lake.key"),
    Option("传送", "加密工作簿", "否", "是：给每所学校、每个镇街另出一份要密码才能打开的工作簿", choices=("是", "否")),
    Option("定时", "几日", 10, "每逢单月几日出此前两个月的送审稿（1至28）", least=1, most=28),
    Option("定时", "几点", 6, "几点出（0至23）", least=0, most=23),
    Option("邮件", "服务器", "", "SMTP 服务器；空则不发邮件"),
    Option("邮件", "端口", 465, "SMTP 端口", least=1),
    Option("邮件", "加密", "ssl", "ssl、starttls 或 none", choices=("ssl", "starttls", "none")),
    Option("邮件", "账号", "", "登录账号；空则不登录。密码写在 private/mail_password.txt"),
    Option("邮件", "发件人", "", "发件地址"),
    Option("邮件", "收件人", [], "收件地址，可有多个"),
    Option("群机器人", "地址", "", "企业微信、钉钉等机器人的 Webhook 地址；空则不发"),
    Option("群机器人", "关键词", "控辍保学", "机器人安全设置所要求的关键词，放在消息开头"),
)


@dataclass(frozen=True)
class Options:
    """The settings in force, by section and key."""

    values: Mapping[tuple[str, str], Any]

    def __getitem__(self, place: tuple[str, str]) -> Any:
        """Return one setting."""
        return self.values[place]


def read_options(home: Home) -> Options:
    """Read `settings.yaml` over the defaults. Raises WrongUse on an unknown key or a value that cannot be."""
    given = _read(home)
    known = {(o.section, o.key): o for o in OPTIONS}
    for place in given:
        if place not in known:
            listed = "、".join(f"{o.section}·{o.key}" for o in OPTIONS)
            raise WrongUse(f"{home.options} 中没有“{'·'.join(place)}”这项设置。可用的有：{listed}")
    return Options({place: _check(home, option, given.get(place, option.default)) for place, option in known.items()})


def read_engine(home: Home) -> Engine:
    """Where this home is computed, and what DuckDB may take of the machine; it spills beside the work files only."""
    options = read_options(home)
    return Engine(options["机器", "内存上限"], options["机器", "线程"], home.work / "spill", options["机器", "计算引擎"].strip())


def _read(home: Home) -> dict[tuple[str, str], Any]:
    if not home.options.exists():
        return {}
    try:
        content = yaml.safe_load(home.options.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        place = getattr(error, "problem_mark", None)
        raise WrongUse(f"{home.options} 写法有误" + (f"（第{place.line + 1}行）" if place else "")) from error
    if not isinstance(content, dict) or not all(isinstance(part, dict) for part in content.values()):
        raise WrongUse(f"{home.options} 应分节书写，如“保留年限:”下一行缩进写“数据: 10”")
    return {(str(section), str(key)): value for section, part in content.items() for key, value in part.items()}


def _check(home: Home, option: Option, value: Any) -> Any:
    if not _fits(option, value):
        raise WrongUse(f"{home.options} 中“{option.section}·{option.key}”应为{_say_wanted(option)}（{option.meaning}）")
    return value


def _fits(option: Option, value: Any) -> bool:
    if type(value) is not type(option.default) or (option.choices and value not in option.choices):
        return False
    return (option.least is None or value >= option.least) and (option.most is None or value <= option.most)


def _say_wanted(option: Option) -> str:
    if isinstance(option.default, int):
        return f"{option.least}至{option.most}的整数" if option.most is not None else f"不小于{option.least}的整数"
    return "列表，每行一个，前加“- ”" if isinstance(option.default, list) else "、".join(option.choices) or "文字"
