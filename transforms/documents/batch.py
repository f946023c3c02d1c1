"""Many papers at once: each filled, written as .docx and .pdf, by several processes where there are many of them.

The bytes of a paper depend on its order alone, never on how many processes share the work.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

import pypdf

from transforms.documents.blocks import Paper, Paragraph
from transforms.documents.docx_writer import write_docx
from transforms.documents.fonts import FontSet
from transforms.documents.names import list_values
from transforms.documents.pdf import PdfWriter, open_pdf_writer
from transforms.documents.source import Folders, TemplateFault, build_paper

WORTH_A_PROCESS = 300  # papers: what one makes in some five seconds, two of them starting in one
CHUNK = 20
SPARE = (Paragraph("　"),) * 3  # a page limit is kept with lines to spare, since Word breaks them by itself


class PaperFault(ValueError):
    """A paper that cannot be made; the message names the recipient's folder and the template, never a child."""


@dataclass(frozen=True)
class Order:
    """One paper to be made: the recipient's folder, the file's name without ending, its template and its context.

    contexts: the fullest first; where the paper must keep to `most` pages, the first that does is taken.
    A context is a dataclass; the template speaks of its fields and properties, `tables` holds its tables and grids.
    """

    place: str
    name: str
    template: str
    contexts: tuple[Any, ...]
    most: int = 0


@dataclass(frozen=True)
class Press:
    """What all papers of one publication share."""

    folder: Path
    issued: date
    fonts: FontSet
    templates: Folders
    properties: tuple[tuple[str, str], ...]
    mark: str = ""  # set on every paper: 送审稿 while it is a draft

    def print_one(self, order: Order, writer: PdfWriter) -> list[Path]:
        """Make one paper; return the two paths. Raises PaperFault."""
        try:
            paper, pdf = self._choose(order, writer)
            word = write_docx(paper, self.issued)
        except TemplateFault as fault:
            raise PaperFault(f"{order.place} 的文稿不能生成：{fault}") from fault
        except Exception as error:
            said = f"{order.place} 的文稿不能生成（模板 {order.template}，{type(error).__name__}）"
            raise PaperFault(said) from error
        return [self._save(order, ".docx", word), self._save(order, ".pdf", pdf)]

    def _choose(self, order: Order, writer: PdfWriter) -> tuple[Paper, bytes]:
        for context in order.contexts:
            values = list_values(context)
            paper = build_paper(order.template, values, values["tables"], {}, properties=dict(self.properties),
                                folders=self.templates)  # fmt: skip
            paper = replace(paper, mark=self.mark or paper.mark)
            pdf = writer.write(paper, self.issued)
            if not order.most or _count_pages(writer.write(_add_room(paper), self.issued)) <= order.most:
                break
        return paper, pdf

    def _save(self, order: Order, ending: str, data: bytes) -> Path:
        path = self.folder / order.place / (order.name + ending)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(0o600)
        return path


def _add_room(paper: Paper) -> Paper:
    return replace(paper, blocks=(*paper.blocks, *SPARE))


def _count_pages(pdf: bytes) -> int:
    return len(pypdf.PdfReader(BytesIO(pdf)).pages)


def print_all(press: Press, orders: Sequence[Order], say: Callable[[str], None], workers: int | None = None) -> list[Path]:
    """Make every paper; return the paths in the orders' order. `workers`: None for as many as pay. Raises PaperFault."""
    many = _choose_workers(len(orders)) if workers is None else workers
    chunks = [tuple(orders[i : i + CHUNK]) for i in range(0, len(orders), CHUNK)]
    paths: list[Path] = []
    done, said = 0, 0
    for chunk, made in zip(chunks, _print_chunks(press, chunks, many), strict=True):
        paths += made
        done += len(chunk)
        if done * 10 // len(orders) > said:
            said = done * 10 // len(orders)
            say(f"已生成学校和镇街文稿{done}份，共{len(orders)}份")
    return paths


def _choose_workers(count: int) -> int:
    # a daemon may have no processes of its own
    if count < WORTH_A_PROCESS or multiprocessing.current_process().daemon:
        return 1
    return max(1, min(os.cpu_count() or 1, 8, count // (WORTH_A_PROCESS // 2)))


def _print_chunks(press: Press, chunks: list[tuple[Order, ...]], workers: int) -> Iterator[list[Path]]:
    if workers == 1:
        writer = open_pdf_writer(press.fonts)
        yield from (_print_chunk(press, chunk, writer) for chunk in chunks)
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawn, initializer=_start, initargs=(press,)) as pool:
        try:
            yield from pool.map(_print_here, chunks)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _print_chunk(press: Press, chunk: tuple[Order, ...], writer: PdfWriter) -> list[Path]:
    return [path for order in chunk for path in press.print_one(order, writer)]


_DESK: list[tuple[Press, PdfWriter]] = []  # a worker's own, set once when it starts


def _start(press: Press) -> None:
    _DESK.append((press, open_pdf_writer(press.fonts)))
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent.sentinel,), daemon=True).start()


def _leave_with(sentinel: int) -> None:
    """A run that is killed takes its workers along: nobody writes into its folder any more."""
    wait([sentinel])
    os._exit(1)


def _print_here(chunk: tuple[Order, ...]) -> list[Path]:
    press, writer = _DESK[-1]
    return _print_chunk(press, chunk, writer)
