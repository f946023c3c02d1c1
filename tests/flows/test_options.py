"""What the office writes in settings.yaml: a slip is said with its place, what is wanted and how to mend it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from flows.faults import PublicError, WrongSetting, keep_private
from flows.options import read_options
from flows.settings import Home

SLIPS = {
    "定时：{几日: 10}": "应分节书写.*冒号用半角",
    "定时: 10": "“定时”应分节书写",
    "- 定时": "应分节书写",
    "定时: {几日: 10": "写法有误（第.行）：请核对括号",
    "\t定时: 1": "写法有误（第1行）：.*不用制表符",
    "机器: {线程: 1}\n定时: {几点: 7}\n机器: {线程: 2}": "第3行.*“机器”写了两次",
    "邮箱: {}": "没有“邮箱”这项设置。可用的有：.*邮件",
    "邮箱:": "没有“邮箱”这项设置",
    "保留年限: {收件: 5}": "没有“保留年限·收件”这项设置。“保留年限”下可用的有：收件和文稿、数据$",
    "保留年限: {收件和文稿: 4000}": "“保留年限·收件和文稿”应为1至100的整数",
    "定时: {几点: true}": "“定时·几点”应为0至23的整数",
    "机器: {内存上限: 1}": "“机器·内存上限”应为0，或不小于64",
    "邮件: {端口: 99999}": "“邮件·端口”应为1至65535的整数",
    "邮件: {服务器: smtp.example.invalid}": "“邮件”写了服务器的，还要写发件人",
    "邮件: {收件人: [1]}": "“邮件·收件人”应逐个写邮箱地址",
    "邮件: {收件人: a@example.invalid}": "“邮件·收件人”应为列表",
    "群机器人: {地址: qyapi.example.invalid}": "“群机器人·地址”应以 https:// 开头",
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[bytes], Home]:
    def write(content: bytes) -> Home:
        (tmp_path / "settings.yaml").write_bytes(content)
        return Home(tmp_path)

    return write


@pytest.mark.parametrize(("text", "said"), SLIPS.items())
def test_a_slip_is_named(write: Callable[[bytes], Home], text: str, said: str) -> None:
    with pytest.raises(WrongSetting, match=said):
        read_options(write(text.encode()))


def test_a_file_of_another_encoding_or_a_folder_is_named(write: Callable[[bytes], Home], tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match="编码选 UTF-8"):
        read_options(write("定时: {几日: 9}".encode("gb18030")))
    (tmp_path / "settings.yaml").unlink()
    (tmp_path / "settings.yaml").mkdir()
    with pytest.raises(WrongSetting, match="是文件夹"):
        read_options(Home(tmp_path))


@pytest.mark.parametrize("text", ["", "机器:\n", "# 都不用\n", "\ufeff定时: {几日: 9}\n"])
def test_an_empty_section_and_a_mark_of_encoding_are_no_slips(write: Callable[[bytes], Home], text: str) -> None:
    assert read_options(write(text.encode()))["机器", "线程"] == 0


def test_the_server_shows_which_setting(write: Callable[[bytes], Home]) -> None:
    home = write("定时: {几日: 40}".encode())
    with pytest.raises(PublicError, match=r"“定时·几日”应为1至28的整数.*改好后再运行"):
        keep_private(lambda: read_options(home), home.private / "log")()
