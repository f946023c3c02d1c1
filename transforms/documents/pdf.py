"""Write a paper as PDF through Typst. Values enter as JSON strings, never as markup; no clock is read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import typst

from transforms.documents.blocks import (
    Annex,
    Block,
    Chart,
    Grid,
    Heading,
    Opening,
    PageBreak,
    Paper,
    Paragraph,
    Signature,
    Table,
    plan_header,
)
from transforms.documents.fonts import FontSet
from transforms.documents.layout import (
    break_headings,
    break_labels,
    choose_size,
    is_whole,
    list_kept,
    list_widths,
)
from transforms.documents.source import TEMPLATES

KEPT = 11  # papers until Typst throws out what none of them needed


@dataclass(frozen=True)
class PdfWriter:
    """A Typst compiler that knows only the chosen fonts; make it once, write many papers."""

    compiler: typst.Compiler
    model: Path
    fonts: FontSet

    def write(self, paper: Paper, issued: date) -> bytes:
        """Return the PDF's bytes: the same paper, fonts and issue date give the same bytes."""
        stamp = datetime.combine(issued, time(0), tzinfo=UTC)
        text = json.dumps(_describe(paper, self.fonts), ensure_ascii=False)
        pdf = self.compiler.compile(
            self.model, format="pdf", timestamp=stamp, sys_inputs={"paper": text}, pdf_standards=["a-2b"]
        )
        assert isinstance(pdf, bytes)
        return pdf

    def forget(self) -> None:
        """Let go of what a long paper was made of: Typst keeps that of its last ten, 50 MB for a school's notices."""
        for _ in range(KEPT):
            self.write(Paper(("",), ()), date(2000, 1, 1))


def open_pdf_writer(fonts: FontSet) -> PdfWriter:
    """Load the chosen font files and the page model."""
    loaded = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=sorted({str(path.parent) for path in fonts.files()}),  # Typst takes folders only
    )
    model = TEMPLATES / "gongwen.typ"
    return PdfWriter(typst.Compiler(root=str(TEMPLATES), font_paths=loaded), model, fonts)


def _describe(paper: Paper, fonts: FontSet) -> dict[str, Any]:
    roles = [choice.role for choice in fonts.choices]
    families: dict[str, str | None] = {role: fonts.family(role) for role in roles}
    if fonts.is_stand_in("西文"):
        families["西文"] = None
    return {
        "title": paper.title,
        "head": paper.head,
        "number": paper.number,
        "mark": paper.mark,
        "layout": paper.layout,
        "author": paper.properties.get("作者", ""),
        "description": "；".join(f"{k}：{v}" for k, v in paper.properties.items() if k != "作者"),
        "keywords": [v for k, v in paper.properties.items() if k != "作者"],
        "fonts": {**families, "后备": fonts.fallback.family},
        "stand_in": {role: fonts.is_stand_in(role) for role in roles},
        "blocks": [_describe_block(block, width) for block, width in zip(paper.blocks, list_widths(paper.blocks), strict=True)],
        "kept": sorted(list_kept(paper.blocks)),
    }


def _describe_block(block: Block, width: float) -> dict[str, Any]:
    match block:
        case Opening(title, number, mark, is_numbered):
            return {"kind": "opening", "title": title, "number": number, "mark": mark, "numbered": is_numbered}
        case Heading(level, text):
            return {"kind": "heading", "level": level, "text": text}
        case Paragraph(text, style, lead):
            return {"kind": "paragraph", "text": text, "style": style, "lead": lead}
        case Table():
            return _describe_table(block, width)
        case Grid(_, weights, rows, points):
            return {
                "kind": "grid",
                "whole": block.whole,
                "size": points,
                "weights": weights,
                "rows": [
                    {"height": row.height, "cells": [c.__dict__ | {"text": text} for c, text in zip(row.cells, texts, strict=True)]}
                    for row, texts in zip(rows, break_labels(block), strict=True)
                ],
            }
        case Chart():
            return {
                "kind": "chart",
                "svg": block.svg,
                "alt": block.alt,
                "caption": block.caption,
                "width": block.width_mm,
            }
        case Signature(issuer, day):
            return {"kind": "signature", "issuer": issuer, "day": day}
        case Annex(title, number, lies):
            return {"kind": "annex", "title": title, "number": number, "lies": lies}
        case PageBreak():
            return {"kind": "page"}


def _describe_table(block: Table, width: float) -> dict[str, Any]:
    depth, header = plan_header(block.columns)
    texts = break_headings(block, width)
    return {
        "kind": "table",
        "caption": block.caption,
        "note": block.note,
        "total": block.total,
        "size": choose_size(block),
        "whole": is_whole(block, width),
        "depth": depth,
        "weights": [column.weight for column in block.columns],
        "aligns": [column.align for column in block.columns],
        "header": [cell.__dict__ | {"text": texts[cell.row, cell.column]} for cell in header],
        "rows": block.rows,
    }
