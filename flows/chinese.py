"""Click in Chinese: headings, help and usage errors as the office reads them."""

from __future__ import annotations

import click
from click.exceptions import (
    BadArgumentUsage,
    BadOptionUsage,
    BadParameter,
    MissingParameter,
    NoSuchCommand,
    NoSuchOption,
)


class ChineseCommand(click.Command):
    """A command whose help page is Chinese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, and a group's commands after them."""
        records = [p.get_help_record(ctx) for p in self.get_params(ctx) if not isinstance(p, click.Argument)]
        with formatter.section("选项"):
            formatter.write_dl([record for record in records if record])
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each argument is."""
        arguments = [p for p in self.get_params(ctx) if isinstance(p, click.Argument)]
        if arguments:
            with formatter.section("参数"):
                formatter.write_dl([record for p in arguments if (record := p.get_help_record(ctx))])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return --help with a Chinese description."""
        option = super().get_help_option(ctx)
        if option:
            option.help = "显示本说明"
        return option


class ChineseGroup(ChineseCommand, click.Group):
    """The command with its subcommands, listed in the order of a working day."""

    command_class = ChineseCommand

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List commands in the order they were declared."""
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        with formatter.section("命令"):
            formatter.write_dl([(name, command.get_short_help_str(60)) for name, command in self.commands.items()])


def explain_usage(error: click.ClickException) -> str:
    """Say in Chinese what is wrong with a command line, and where its help is."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "baoxue"
    return f"{_explain(error)}\n用法见：{path} --help"


def _explain(error: click.ClickException) -> str:
    hint = getattr(error, "param", None)
    name = hint.get_error_hint(error.ctx) if hint is not None and isinstance(error, BadParameter) else ""
    match error:
        case NoSuchCommand():
            return f"没有“{error.command_name}”这个命令"
        case NoSuchOption():
            return f"没有“{error.option_name}”这个选项"
        case MissingParameter():
            return f"缺少 {name}"
        case BadParameter():
            return f"{name} 的值不对：{_explain_value(error)}"
        case BadOptionUsage():
            return f"选项 {error.option_name} 后面要给一个值"
        case BadArgumentUsage():
            return "参数不够"
        case _ if "unexpected extra argument" in error.message:
            return "多给了参数：" + error.message.partition("(")[2].rstrip(")")
        case _ if error.message == "Missing command.":
            return "要给一个命令"
        case _:
            return error.message


def _explain_value(error: BadParameter) -> str:
    match error.param.type if error.param is not None else None:
        case click.Choice() as kind:
            return "应为 " + "、".join(map(str, kind.choices)) + " 之一"
        case click.IntRange() as kind:
            upto = f"至{kind.max}" if kind.max is not None else "以上"
            return f"应为{kind.min}{upto}的整数"
        case kind if kind is click.INT:
            return "应为整数"
        case click.Path():
            wanted = "文件夹" if "is a file" in error.message else "文件"
            return f"没有这个文件（{_quoted(error.message)}）" if "does not exist" in error.message else f"应是{wanted}"
        case _:
            return error.message


def _quoted(message: str) -> str:
    return message.partition("'")[2].rpartition("'")[0]
