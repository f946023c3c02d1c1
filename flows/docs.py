"""Write the generated pages under `docs/`: `make docs`. A test fails when one is stale."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from flows.cli import cli
from flows.settings import PROJECT, Home
from transforms.published.dictionary import NOTE, write_dictionary, write_lineage
from transforms.published.questions import write_analyst

EXIT_CODES = """
## 退出码

| 码 | 含义 |
|---|---|
| 0 | 已发布、已出草稿，或没有变化 |
| 1 | 程序故障；详情在工作文件夹的 `private/log` |
| 2 | 用法不对 |
| 3 | 报送材料未通过检查，未发布；原因见屏幕和 `out/<期间>/未能出报说明.txt` |
| 4 | 另一次运行正在使用该工作文件夹 |
"""


def list_pages() -> dict[str, str]:
    """Return every generated page by file name."""
    return {
        "analyst.md": write_analyst(),
        "cli.md": write_commands(),
        "dictionary.md": write_dictionary(),
        "lineage.md": write_lineage(),
    }


def write_commands() -> str:
    """Return the help of every command in Markdown."""
    return "\n".join(["# 命令", "", NOTE, "", *_describe(cli, "baoxue"), EXIT_CODES.strip(), ""])


def _describe(command: click.Command, path: str) -> Iterator[str]:
    # The object given stands for a chosen home, so that the page does not depend on where it is made.
    context = click.Context(command, info_name=path, obj=Home(Path("data")), max_content_width=100, terminal_width=100)
    yield from (f"## {path}", "", "```", command.get_help(context), "```", "")
    for name, sub in command.commands.items() if isinstance(command, click.Group) else ():
        yield from _describe(sub, f"{path} {name}")


def main() -> None:
    """Write all pages."""
    for name, text in list_pages().items():
        (PROJECT / "docs" / name).write_text(text, encoding="utf-8", newline="\n")
        click.echo(f"docs/{name}")


if __name__ == "__main__":
    main()
