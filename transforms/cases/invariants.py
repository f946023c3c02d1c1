"""What must hold of the cases after every build; a breach is an internal fault and stops the run.

The text of a breach names the rule and counts, never a child, a case or a value.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from schemas.cases import STATES

# Each query gives the number of breaches. Rules: contract §6.
RULES: dict[str, str] = {
    "每个案件恰有一种已知状态": """
        select (select count(*) from cases.opening anti join cases."case" using (case_no))
             + (select count(*) from cases."case" where state is null or not list_contains($states, state))
             + (select count(*) from (select case_no from cases."case" group by case_no having count(*) <> 1))""",
    "以前的立案一件不少": "select count(*) from (from validated.earlier_opening) as e anti join cases.opening using (case_no)",
    "以前的自动转变一次不少": """
        select count(*) from (from validated.earlier_turning) as e
        anti join cases.turning as t on e.case_no = t.case_no and e.turned_in = t.turned_in and e.turn = t.turn""",
    "案件的每次变化都在事件中": """
        select count(*) from cases.heard as h
        anti join cases.event as e
            on h.case_no = e.case_no and h.says = e.event and h.said_on = e.happened_on""",
    "由事件重算的状态、销号类别和日期与案件一致": """
        select count(*) from cases."case" as c
        left join (
            select case_no, event, happened_on from cases.event
            where starts_with(event, '转为') or contains(event, '销号（')
            qualify row_number() over (partition by case_no order by seq desc) = 1) as e using (case_no)
        where c.state <> case when e.event is null then '待核实' when starts_with(e.event, '转为') then substr(e.event, 3) else '已销号' end
            or (c.state = '已销号' and (not ends_with(e.event, '销号（' || c.closed_as || '）') or e.happened_on <> c.closed_on))""",
    "每个案件有立案事件": """
        select count(*) from cases.opening as o
        anti join (from cases.event where starts_with(event, '立案') or starts_with(event, '再次立案')) as e using (case_no)""",
    "一名儿童至多一个未销号案件": """
        select count(*) from (
            select child_key from cases."case" where state <> '已销号' group by child_key having count(*) > 1)""",
    "已销号有类别和日期，未销号没有": """
        select count(*) from cases."case"
        where (state = '已销号') <> (closed_as is not null) or (state = '已销号') <> (closed_on is not null)""",
    "上期结转＋新增－销减＝期末在册": """
        select count(*) from cases.balance where opening + added - closed <> closing""",
    "上期结转等于上期台账人数": """
        select count(*) from cases.balance as b
        left join (select ledger, count(*) as children from validated.earlier_member group by ledger) as m using (ledger)
        where b.opening <> coalesce(m.children, 0)""",
    "期末在册等于台账名单人数": """
        select count(*) from cases.balance as b
        left join (select ledger, count(*) as children from cases.member group by ledger) as m using (ledger)
        where b.closing <> coalesce(m.children, 0)""",
    "台账名单与案件状态一致": """
        select abs((select count(*) from cases.member where ledger <> 'school_age')
                 - (select count(*) from cases."case" where state <> '已销号'))""",
    "底册到学籍的差异合计等于底册适龄人数": """
        select abs((select coalesce(sum(children), 0) from compared.bridge where (from_register, to_register) = ('底册', '学籍'))
                 - (select count(*) from conformed.child where is_school_age))""",
    "学籍到底册、到在校的差异合计等于在籍人数": """
        select count(*) from (select unnest(['底册', '在校']) as register) as r
        where (select coalesce(sum(children), 0) from compared.bridge
               where from_register = '学籍' and to_register = r.register) <> (select count(*) from conformed.enrolment)""",
    "名单到学籍的差异合计等于名单所列人数": """
        select abs((select coalesce(sum(children), 0) from compared.bridge where from_register = '名单')
                 - (select count(distinct person_id) from conformed.listing))""",
    "名单所列儿童都有案件": """
        select count(*) from compared.finding as f
        anti join cases."case" as c using (child_key) where f.comparison = 'listed'""",
}


def find_breaches(con: duckdb.DuckDBPyConnection, rules: Mapping[str, str] = RULES) -> dict[str, int]:
    """Return the rules that do not hold, with how often."""
    breaches = {}
    for rule, sql in rules.items():
        given = {"states": sorted(STATES)} if "$states" in sql else {}
        row = con.execute(sql, given).fetchone()
        if row and row[0]:
            breaches[rule] = int(row[0])
    return breaches
