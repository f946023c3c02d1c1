"""Print the papers of a run: the office's own words checked first, then every recipient's folder written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flows.faults import PublicError, write_private_log
from flows.manifest import write_atomically
from flows.options import read_engine
from flows.passwords import find_passwords, wants_sealed
from flows.settings import Home

if TYPE_CHECKING:
    from flows.steps import Plan
    from transforms.documents.workbook import Sheet


def check_words(home: Home) -> None:
    """Check the office's own templates before anything is built. Raises PublicError with template, line and name."""
    from transforms.documents.templates import check_templates, list_own

    if not list_own(home.templates):
        return  # most offices set none: the papers' modules need not be loaded for that
    from transforms.documents.kinds import KINDS
    from transforms.documents.score_sheet import ScoreSheetFault, read_score_sheet
    from transforms.documents.source import TemplateFault

    try:
        check_templates(home.templates, KINDS)
        read_score_sheet(home.score_sheet)
    except (TemplateFault, ScoreSheetFault) as error:
        raise PublicError(str(error)) from error


def print_papers(plan: Plan) -> int:
    """Write the papers of every recipient into the staged folder; return how many."""
    if not plan.job.papers:
        return 0
    from transforms.documents.assessment import write_assessment
    from transforms.documents.batch import PaperFault
    from transforms.documents.case_forms import write_case_papers
    from transforms.documents.context import read_office
    from transforms.documents.member_changes import write_member_changes_book
    from transforms.documents.notices import write_notices
    from transforms.documents.papers import write_papers
    from transforms.documents.platform_forms import PlatformFormFault
    from transforms.documents.recipients import write_recipient_papers
    from transforms.documents.reconcile import FiguresDisagree
    from transforms.documents.source import TemplateFault
    from transforms.documents.templates import list_folders
    from transforms.work import connect

    plan.job.say("编制文稿")
    books: dict[str, list[tuple[str, list[Sheet]]]] = {}
    sealed = is_sealed(plan)

    def keep(place: str, name: str, sheets: list[Sheet]) -> None:
        """Hold a workbook's rows only where they are written once more: a district's fill half a gigabyte."""
        if sealed:
            books.setdefault(place, []).append((name, sheets))

    plan.staged.papers.mkdir(parents=True)
    con = connect(plan.staged.work, read_engine(plan.job.home), read_only=True)
    try:
        written = write_papers(
            con, plan.staged.papers, plan.job.period, plan.version, plan.inputs.issued, draft=plan.job.draft,
            manifest_id=plan.manifest.manifest_id, font_dirs=(plan.job.home.fonts,), say=plan.job.say,
            templates=plan.job.home.templates,
        )  # fmt: skip
        issuer = read_office(list_folders(plan.job.home.templates)).issuer
        written += write_case_papers(
            con, plan.staged.papers, plan.job.period, plan.version, plan.inputs.issued, issuer=issuer,
            manifest_id=plan.manifest.manifest_id, draft=plan.job.draft, platform_forms=plan.job.home.platform_forms,
            keep=keep,
        )  # fmt: skip
        written += write_assessment(
            con, plan.staged.papers, plan.job.period, plan.version, plan.inputs.issued, issuer=issuer,
            manifest_id=plan.manifest.manifest_id, draft=plan.job.draft, score_sheet=plan.job.home.score_sheet,
        )  # fmt: skip
        written += write_member_changes_book(
            con, plan.staged.papers, plan.job.period, plan.version, plan.inputs.issued, issuer=issuer,
            manifest_id=plan.manifest.manifest_id, draft=plan.job.draft,
        )  # fmt: skip
        written += write_notices(
            con, plan.staged.papers, plan.job.period, plan.version, plan.inputs.issued,
            manifest_id=plan.manifest.manifest_id, draft=plan.job.draft, font_dirs=(plan.job.home.fonts,),
            templates=plan.job.home.templates,
        )  # fmt: skip
        written += write_recipient_papers(
            con, plan.staged.papers, plan.job.period, plan.version, plan.inputs.issued, manifest_id=plan.manifest.manifest_id,
            draft=plan.job.draft, font_dirs=(plan.job.home.fonts,), templates=plan.job.home.templates, say=plan.job.say,
        )  # fmt: skip
        written += _seal(plan, books, issuer)
    except FiguresDisagree as error:
        raise PublicError(tell_disagreement(plan, error)) from error
    except (PlatformFormFault, TemplateFault, PaperFault) as error:  # they name sums, lines and folders, never children
        raise PublicError(str(error)) from error
    finally:
        con.close()
    return len(written)


def tell_disagreement(plan: Plan, error: Exception) -> str:
    """Write why nothing was printed beside the papers and the trace into the private log; return the text.

    A sum that does not hold is the program's fault, not a school's: nobody has a row to mend.
    """
    home, period = plan.job.home, plan.job.period
    log = home.private / "log" / f"{write_private_log(home.private / 'log', error)}.txt"
    text = "\n".join((
        f"{period.label}没有出报，已发布的内容没有改动：{error}。",
        "这是程序算出的数前后对不上，不是某一行数据填错，改报送文件不能解决。请这样办：",
        f"1. 保留现场：收件文件夹 {home.inbox / str(period)} 和 {home.lake}、{home.private} 都不要删改，也不要手工改数报出；",
        f"2. 把上面的话和 {log}（含个人信息，只当面或加密转交）交给程序维护人员；",
        "3. 程序更新后再运行一次 baoxue run，仍用这些报送文件；急需用数的，以上一次发布的版本为准。"))  # fmt: skip
    write_atomically(home.refusal(str(period)), text + "\n")
    return text


def is_sealed(plan: Plan) -> bool:
    """Whether the recipients' workbooks go out under a password too; a draft goes to nobody."""
    return not plan.job.draft and wants_sealed(plan.job.home)


def _seal(plan: Plan, books: dict[str, list[tuple[str, list[Sheet]]]], issuer: str) -> list[Path]:
    """Write each school's and 镇街's workbook under its password, if the office has asked for it; a draft goes to nobody."""
    home = plan.job.home
    if not is_sealed(plan):
        return []
    from transforms.documents.sealed import write_sealed

    plan.job.say("加密各单位工作簿，密码在 private/passwords.csv")
    places = sorted(place for place in books if place.startswith(("学校/", "镇街/")))
    properties = {"作者": issuer, "期间": plan.inputs.period, "版本": f"v{plan.version}"}
    return write_sealed(books, find_passwords(home, places), plan.staged.papers, plan.inputs.issued, properties)
