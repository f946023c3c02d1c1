"""The office's own settings of how the home is run: `settings.yaml` in the home. Figures depend on none of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from flows.faults import WrongSetting
from flows.settings import Home
from transforms.engine import Engine

SHORTEST_DATA_YEARS = 10  # nine school years and one: younger data still explain a child of school age
LONGEST_YEARS = 100
SECTIONS = "应分节书写：一行“保留年限:”，下一行缩进写“数据: 10”；冒号用半角，后面空一格"
LEAST_MEMORY = 64  # MB: below, DuckDB gives up, and what it says then points elsewhere


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
    Option("保留年限", "收件和文稿", 3, "收件原件、落地文本和文稿保留几年", least=1, most=LONGEST_YEARS),
    Option("保留年限", "数据", SHORTEST_DATA_YEARS, "校验后的数据和姓名对照保留几年", least=SHORTEST_DATA_YEARS,
           most=LONGEST_YEARS),
    Option("机器", "内存上限", 0, "计算最多用多少MB内存，超出部分暂存磁盘；0为机器内存的四分之一", least=0),
    Option("机器", "线程", 0, "计算同时用几个核；0为全部", least=0),
    Option("机器", "计算引擎", "", "在 Spark 上计算时填其地址，如 sc://主机:15002；空则用本机。见 docs/spark.md"),
    Option("加密存储", "启用", "否", "是：数据湖、姓名对照和假名密钥加密存放", choices=("是", "否")),
    Option("加密存储", "密钥文件", "", "密钥放在哪里，如另一块盘或U盘上的文件；空则为 private/lake.key"),
    Option("传送", "加密工作簿", "否", "是：给每所学校、每个镇街另出一份要密码才能打开的工作簿", choices=("是", "否")),
    Option("定时", "几日", 10, "每逢单月几日出此前两个月的送审稿（1至28）", least=1, most=28),
    Option("定时", "几点", 6, "几点出（0至23）", least=0, most=23),
    Option("邮件", "服务器", "", "SMTP 服务器；空则不发邮件"),
    Option("邮件", "端口", 465, "SMTP 端口", least=1, most=65535),
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
    """Read `settings.yaml` over the defaults. Raises WrongSetting on an unknown key or a value that cannot be."""
    given = _read(home)
    known = {(o.section, o.key): o for o in OPTIONS}
    for place in given:
        if place not in known:
            keys = [o.key for o in OPTIONS if o.section == place[0]]
            listed = f"“{place[0]}”下可用的有：" + "、".join(keys) if keys else "可用的有：" + "、".join(dict.fromkeys(o.section for o in OPTIONS))
            raise WrongSetting(f"{home.options} 中没有“{'·'.join(filter(None, place))}”这项设置。{listed}")
    options = Options({place: _check(home, option, given.get(place, option.default)) for place, option in known.items()})
    if wrong := _find_wrong(options):
        named, wanted = wrong
        raise WrongSetting(f"{home.options} 中“{named}”{wanted}")
    return options


def _find_wrong(options: Options) -> tuple[str, str] | None:
    """Find what fits its type and cannot work: it would come out on the night that somebody should be told."""
    if 0 < options["机器", "内存上限"] < LEAST_MEMORY:
        return "机器·内存上限", f"应为0，或不小于{LEAST_MEMORY}（MB）"
    people = options["邮件", "收件人"]
    if not all(isinstance(person, str) and "@" in person for person in people):
        return "邮件·收件人", "应逐个写邮箱地址，如 [a@example.invalid, b@example.invalid]"
    if options["邮件", "服务器"] and not (people and "@" in options["邮件", "发件人"]):
        return "邮件", "写了服务器的，还要写发件人（邮箱地址）和收件人"
    if (robot := options["群机器人", "地址"]) and not robot.startswith(("https://", "http://")):
        return "群机器人·地址", "应以 https:// 开头，照机器人页面上的地址原样写"
    return None


def read_engine(home: Home) -> Engine:
    """Where this home is computed, and what DuckDB may take of the machine; it spills beside the work files only."""
    options = read_options(home)
    return Engine(options["机器", "内存上限"], options["机器", "线程"], home.work / "spill", options["机器", "计算引擎"].strip())


class _Loader(yaml.SafeLoader):
    """YAML that says when a key stands twice: the last would win in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.MarkedYAMLError(problem=f"“{key.value}”写了两次，请合并", problem_mark=key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def _read(home: Home) -> dict[tuple[str, str], Any]:
    if not home.options.exists():
        return {}
    try:
        content = yaml.load(home.options.read_text(encoding="utf-8"), _Loader) or {}
    except UnicodeDecodeError as error:
        raise WrongSetting(f"{home.options} 不是 UTF-8 文字：请用记事本打开，另存为时编码选 UTF-8") from error
    except IsADirectoryError as error:
        raise WrongSetting(f"{home.options} 是文件夹，应是文件：请改名或删除") from error
    except yaml.YAMLError as error:
        raise WrongSetting(f"{home.options} 写法有误{_say_place(error)}") from error
    if not isinstance(content, dict):
        raise WrongSetting(f"{home.options} {SECTIONS}")
    for section, part in content.items():
        if not isinstance(part, dict | None):
            raise WrongSetting(f"{home.options} 中“{section}”{SECTIONS}")
    return {
        (str(section), str(key)): value
        for section, part in content.items() for key, value in (part or _empty(section)).items()
    }  # fmt: skip


def _empty(section: Any) -> dict[str, None]:
    """Return what a section without a line gives: nothing when it is known, else itself, to be said."""
    return {} if any(option.section == section for option in OPTIONS) else {"": None}


def _say_place(error: yaml.YAMLError) -> str:
    mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", "") or ""
    ours = problem if problem.startswith("“") else "请核对括号、引号是否成对，冒号、逗号、括号用半角，缩进用空格不用制表符"
    return (f"（第{mark.line + 1}行）" if mark else "") + f"：{ours}"


def _check(home: Home, option: Option, value: Any) -> Any:
    if not _fits(option, value):
        raise WrongSetting(f"{home.options} 中“{option.section}·{option.key}”应为{_say_wanted(option)}（{option.meaning}）")
    return value


def _fits(option: Option, value: Any) -> bool:
    if type(value) is not type(option.default) or (option.choices and value not in option.choices):
        return False
    return (option.least is None or value >= option.least) and (option.most is None or value <= option.most)


def _say_wanted(option: Option) -> str:
    if isinstance(option.default, int):
        return f"{option.least}至{option.most}的整数" if option.most is not None else f"不小于{option.least}的整数"
    return "列表，每行一个，前加“- ”" if isinstance(option.default, list) else "、".join(option.choices) or "文字"
