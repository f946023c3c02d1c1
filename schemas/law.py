"""The articles of law that papers cite and quote: declared once in `data/reference/legal_texts.csv`.

A citation that is not declared there is refused, with the reason where an old template would still ask for it.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LEGAL_TEXTS = Path(__file__).parent.parent / "data" / "reference" / "legal_texts.csv"
SHORT = {
    "义务教育法": "中华人民共和国义务教育法",
    "未成年人保护法": "中华人民共和国未成年人保护法",
    "家庭教育促进法": "中华人民共和国家庭教育促进法",
    "预防未成年人犯罪法": "中华人民共和国预防未成年人犯罪法",
    "行政复议法": "中华人民共和国行政复议法",
    "行政诉讼法": "中华人民共和国行政诉讼法",
}
# What older templates cite and the law no longer says.
REPEALED: Mapping[tuple[str, int], str] = {
    ("中华人民共和国未成年人保护法", 13): "2020年修订前的条文，现行法请引第十六条、第二十八条或第八十三条",
}
DIGITS = "零一二三四五六七八九"


class UnknownCitation(ValueError):
    """A paper cites what is not declared or no longer in force; names law and article."""


@dataclass(frozen=True)
class Article:
    """One article in force: `text` has a paragraph (款) a line, an item （一） on a line of its own.

    `used_in`: the papers it was declared for.
    """

    law: str
    version: str
    number: int
    text: str
    used_in: tuple[str, ...]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs, each with its items."""
        parts: list[str] = []
        for line in self.text.split("\n"):
            if line.startswith("（") and parts:
                parts[-1] += "\n" + line
            else:
                parts.append(line)
        return tuple(parts)


@cache
def read_articles(path: Path = LEGAL_TEXTS) -> dict[tuple[str, int], Article]:
    """Read every declared article by law and number. Raises UnknownCitation for one that is repealed or told twice."""
    articles: dict[tuple[str, int], Article] = {}
    with path.open(encoding="utf-8-sig", newline="") as handle:
        for row in csv.DictReader(handle):
            number = NUMBERS[row["article"]]
            key = (row["law"], number)
            if key in REPEALED or key in articles:
                why = REPEALED.get(key, "重复登记")
                raise UnknownCitation(f"{path.name} 中《{row['law']}》{row['article']}：{why}")
            text = "\n".join(part.strip() for part in row["text"].split(" / "))
            articles[key] = Article(row["law"], row["version"], number, text, tuple(row["used_in"].split()))
    return articles


def find_article(law: str, number: int) -> Article:
    """Return one article by the law's full or short name. Raises UnknownCitation."""
    full = SHORT.get(law, law)
    if (full, number) in REPEALED:
        raise UnknownCitation(f"《{full}》第{write_number(number)}条是{REPEALED[full, number]}")
    try:
        return read_articles()[full, number]
    except KeyError:
        raise UnknownCitation(f"《{full}》第{write_number(number)}条没有登记在 legal_texts.csv，不能引用") from None


def cite(law: str, number: int, paragraph: int = 0, item: int = 0) -> str:
    """《中华人民共和国义务教育法》第五十八条 in running text; with `paragraph` and `item` …第十六条第（五）项."""
    return f"《{find_article(law, number).law}》{point(law, number, paragraph, item)}"


def point(law: str, number: int, paragraph: int = 0, item: int = 0) -> str:
    """第五十八条 alone, where the law was named just before."""
    quote(law, number, paragraph, item)  # the part must exist
    words = f"第{write_number(number)}条"
    words += f"第{write_number(paragraph)}款" if paragraph else ""
    return words + (f"第（{write_number(item)}）项" if item else "")


def quote(law: str, number: int, paragraph: int = 0, item: int = 0) -> str:
    """The words of an article, of one paragraph, or of one item without its number and stop. Raises UnknownCitation."""
    article = find_article(law, number)
    if paragraph > len(article.paragraphs):
        raise UnknownCitation(f"《{article.law}》第{write_number(number)}条没有第{write_number(paragraph)}款")
    text = article.paragraphs[paragraph - 1] if paragraph else article.text
    if not item:
        return text
    items = text.split("\n")[1:]
    wanted = f"（{write_number(item)}）"
    found = next((line for line in items if line.startswith(wanted)), None)
    if found is None:
        raise UnknownCitation(f"《{article.law}》第{write_number(number)}条没有第{wanted}项")
    return found.removeprefix(wanted).rstrip("；。")


def write_number(number: int) -> str:
    """Number an article: 5 五, 11 十一, 58 五十八, 118 一百一十八."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    head = DIGITS[hundreds] + "百" if hundreds else ""
    middle = ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十" if tens else "零" if hundreds and ones else ""
    return head + middle + (DIGITS[ones] if ones else "")


NUMBERS = {f"第{write_number(number)}条": number for number in range(1, 200)}
