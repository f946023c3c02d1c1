"""The district's further workbooks and texts, and those of 学区, 督导责任区 and 督导室 (contract §7)."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.documents.context import ReportContext
from transforms.documents.inspection import list_inspection_papers
from transforms.documents.reading import Source
from transforms.documents.reconcile import list_reconcile_sheet
from transforms.documents.sent_figures import list_sent_figures
from transforms.documents.workbook import Sheet
from transforms.documents.zones import list_zone_papers


def list_district_papers(source: Source, context: ReportContext) -> Iterator[tuple[str, str, list[Sheet]]]:
    """Yield folder, file name without ending, and sheets, in the order written."""
    yield "区级", "数据勾稽核对表", [list_reconcile_sheet(context, source)]
    yield "区级", "与已上报数据对照", [list_sent_figures(source, context)]
    yield from list_zone_papers(source, context)
    yield from list_inspection_papers(source, context)
