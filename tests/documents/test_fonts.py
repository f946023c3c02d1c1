"""Fonts: the home's, else the system's, else the wheel's."""

import shutil

from transforms.documents.fonts import WHEEL, resolve_fonts


def test_a_bare_machine_falls_back_to_the_wheel():
    fonts = resolve_fonts(system=False)
    assert {choice.role for choice in fonts.choices} == {"仿宋", "楷体", "黑体", "宋体", "小标宋", "西文"}
    assert all(choice.is_stand_in for choice in fonts.choices)
    assert fonts.family("黑体") == "Noto Sans SC"
    assert fonts.family("仿宋") == "Noto Serif SC"
    assert "思源字体代替" in fonts.describe()[-1]


def test_the_homes_folder_comes_first(tmp_path):
    shutil.copy(WHEEL / "NotoSerifSC-Regular.otf", tmp_path / "serif.otf")
    fonts = resolve_fonts((tmp_path,), system=False)
    song = next(choice for choice in fonts.choices if choice.role == "宋体")
    assert (song.source, song.path.name) == ("附加字体", "serif.otf")


def test_a_folder_that_is_not_there_does_not_matter(tmp_path):
    assert resolve_fonts((tmp_path / "fonts",), system=False).hashes() == resolve_fonts(system=False).hashes()


def test_hashes_name_no_path():
    assert all(
        len(text.split()[-1]) == 16 and "/" not in text
        for text in resolve_fonts(system=False).hashes().values()
    )
