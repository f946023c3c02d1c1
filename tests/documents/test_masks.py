"""What of a child each reader may see: no level ever leaves the last digits of an id by themselves."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.documents.masks import MASKS

ID = "500153201501011234"
DAY = date(2015, 1, 1)


@pytest.mark.parametrize(
    ("level", "name", "number", "phone", "birth"),
    [
        ("L0", "欧阳小明", ID, "13812341234", "2015年1月1日"),
        ("L1", "欧阳小明", "500153201501******", "138****1234", "2015年1月"),
        ("L2", "欧阳某某", "", "", ""),
        ("L3", "", "", "", ""),
    ],
)
def test_what_each_level_prints(level, name, number, phone, birth):
    mask = MASKS[level]
    assert (mask.name("欧阳小明"), mask.id_number(ID), mask.phone("13812341234"), mask.birth(DAY)) == (name, number, phone, birth)


@pytest.mark.parametrize("level", MASKS)
def test_what_nobody_wrote_down_stays_empty(level):
    mask = MASKS[level]
    assert {mask.name(None), mask.id_number(None), mask.phone(None), mask.birth(None)} == {""}


@given(st.sampled_from([m for name, m in MASKS.items() if name != "L0"]), st.text("0123456789X", min_size=1, max_size=20))
def test_an_id_is_whole_for_its_keeper_or_never_shows_its_end(mask, number):
    shown = mask.id_number(number)
    assert not shown or shown[-4:] == "*" * min(4, len(number))
    assert shown.count("*") in (0, min(6, len(number)))


@pytest.mark.parametrize(("name", "shown"), [("王一", "王某"), ("王小明", "王某某"), ("欧阳", "欧某"), ("上官云", "上官某")])
def test_a_meeting_reads_the_surname(name, shown):
    assert MASKS["L2"].name(name) == shown
