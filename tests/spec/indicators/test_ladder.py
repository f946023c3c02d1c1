from tests.spec.indicators.test_enrolment_rate import LISTED, SAID, TEN
from tests.towns.town import build_town


def test_the_printed_ladder_holds():
    """底册 − … = 应入学, and of these where they are: every sum closes (contract §8)."""
    town = build_town(**TEN, verification=SAID, suspect=LISTED)
    steps = dict(town.rows("select label, children from indicators.ladder where children > 0 order by step"))
    assert steps == {
        "底册适龄人数": 10, "死亡": 1, "应入学": 9, "本区在籍": 6, "外地就读": 1, "延缓入学": 1, "未入学": 1,
    }  # fmt: skip
    total, off, due, below = (
        town.rows("""select sum(children) filter (step = 1), sum(children) filter (step between 2
        and 6), sum(children) filter (step = 7), sum(children) filter (step > 7) from indicators.ladder""")[0]
    )
    assert total - off == due == below
