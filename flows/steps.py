"""The steps of a run as plain functions: what `baoxue run` calls and what the served flow wraps as tasks.

They hand on paths, ids and counts. Everything is staged under names that carry the manifest id; writing the
manifest publishes, and `settle` moves the staged pieces into place. A run killed before that leaves nothing
published; one killed after it is completed by the next.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.decisions import Approval, Draft, Pairs, find_sent, keep_draft
from flows.faults import NO_DATABASE, PublicError, Refused
from flows.lake import find_lake_damage, find_whole, say_damage, sync_lake
from flows.manifest import (
    Inputs,
    Manifest,
    list_published,
    list_versions,
    newest_version,
    write_atomically,
    write_manifest,
)
from flows.options import read_engine
from flows.purge import read_purged
from flows.settings import Home, read_code_version, read_key, read_reference_hash
from flows.stage import Staged, replace_folder, settle, stage_for
from schemas.bimester import Bimester
from schemas.calendar import CalendarGap, default_issue_date, list_months, read_terms
from transforms.sums import find_damage, seal

if TYPE_CHECKING:
    from transforms.extracts.land import Landing

Say = Callable[[str], None]


@dataclass(frozen=True)
class Job:
    """What is asked: one period, its issue date (None: the contract's default), a draft or a publication.

    approval: who signs it; reviewed: the draft they signed, which alone may be published under their names.
    """

    home: Home
    period: Bimester
    say: Say
    issued: date | None = None
    draft: bool = False
    papers: bool = True
    approval: Approval | None = None
    reviewed: Draft | None = None


@dataclass(frozen=True)
class Plan:
    """What a run will do. `previous` is the newest published version.

    action: publish a new version · reprint papers that the published version lacks · draft · nothing.
    """

    job: Job
    action: str
    inputs: Inputs
    version: int
    held: tuple[Manifest, ...]
    previous: Manifest | None
    warnings: tuple[str, ...] = ()

    @property
    def manifest(self) -> Manifest:
        """The manifest to be, before anything is built."""
        return Manifest(self.inputs, self.version, warnings=self.warnings, approval=self.approval)

    @property
    def approval(self) -> Pairs:
        """Who signs it: asked for now, or kept from the version that is printed again."""
        if self.job.approval is not None:
            return self.job.approval.pairs
        return self.previous.approval if self.previous is not None and self.action == "reprint" else ()

    @property
    def staged(self) -> Staged:
        """Where this run's pieces wait."""
        return stage_for(self.job.home, self.manifest)


def receive(job: Job) -> Landing:
    """Land every file of the period's inbox as text. Files landed before cost only their hash."""
    from transforms.extracts.land import land_inbox

    job.say(f"接收{job.period.label}的报送文件")
    inbox = job.home.inbox / str(job.period)
    job.home.refusal(str(job.period)).unlink(missing_ok=True)  # the last attempt's note
    landing = land_inbox(inbox, job.home.lake, job.say)
    note_skipped(job, landing)
    return landing


def note_skipped(job: Job, landing: Landing) -> None:
    """Count what was delivered and not used, and name it in the home only: the name of a file may hold a child's."""
    note = job.home.skipped(str(job.period))
    note.unlink(missing_ok=True)
    if not (skipped := list_warnings(landing)):
        return
    write_atomically(note, "\n".join(skipped) + "\n")
    counts = ((f"文件{len(landing.ignored)}个", landing.ignored), (f"工作表{len(landing.set_aside)}张", landing.set_aside))
    job.say(f"略过{'、'.join(word for word, names in counts if names)}，名称见 {note}")


def list_warnings(landing: Landing) -> tuple[str, ...]:
    """Name what was delivered and not used: nothing passes silently."""
    return (*(f"略过文件：{name}" for name in landing.ignored),
            *(f"略过工作表（不是需要的表）：{name}" for name in landing.set_aside))  # fmt: skip


def plan_run(job: Job, landing: Landing) -> Plan:
    """Decide from the inputs what there is to do: unchanged inputs publish nothing.

    Raises Refused when a calendar does not reach the period, PublicError when what was signed is not what is here or
    the office's own templates are at fault.
    """
    from flows.printing import check_words

    check_words(job.home)
    previous = newest_version(job.home, job.period)
    gone = read_purged(job.home)["数据"]
    held = tuple(m for m in list_published(job.home) if m.period < job.period and m.inputs.period not in gone)
    inputs = Inputs(
        period=str(job.period),
        issued=_find_issue_date(job, previous),
        files=tuple(sorted({(sheet.file_name, sheet.file_id) for sheet in landing.files})),
        code=read_code_version(),
        reference=read_reference_hash(job.home),
        held=tuple((m.inputs.period, m.inputs.run_id) for m in held),
        sent=_list_sent(job.home, held),
    )
    if job.reviewed and replace(inputs, issued=date.fromisoformat(job.reviewed.issued)).run_id != job.reviewed.run_id:
        raise PublicError("送审之后收件或条件有变化，未发布；请用“重跑”重新出稿后再签发")
    unchanged = previous is not None and _forget(previous.inputs, gone) == inputs and not landing.refusals
    if unchanged and previous is not None:
        inputs = previous.inputs
    if job.approval is not None and previous is not None and previous.approval != job.approval.pairs:
        unchanged = False
    action = _choose_action(job, previous, unchanged)
    version = previous.version + (not unchanged) if previous else 1
    return Plan(job, action, inputs, version, held, previous, list_warnings(landing))


def _list_sent(home: Home, held: tuple[Manifest, ...]) -> tuple[tuple[str, int], ...]:
    """List the earlier periods whose version handed up is not the newest."""
    found = ((m, find_sent(home, m.period)) for m in held)
    return tuple((m.inputs.period, sent.version) for m, sent in found if sent and sent.version != m.version)


def _forget(inputs: Inputs, gone: Collection[str]) -> Inputs:
    """Return the inputs less the periods whose data are past their age: that alone makes no new version."""
    return replace(inputs, held=tuple(pair for pair in inputs.held if pair[0] not in gone))


def _find_issue_date(job: Job, previous: Manifest | None) -> date:
    try:
        list_months(job.period, read_terms())
        if job.approval is not None:
            return job.approval.issued
        if job.issued is None and previous is not None and previous.approval:
            return previous.inputs.issued  # a day that a person set stands until a person sets another
        return job.issued or default_issue_date(job.period)
    except CalendarGap as gap:
        raise Refused(refuse(job.home, job.period, (str(gap),))) from gap


def _choose_action(job: Job, previous: Manifest | None, unchanged: bool) -> str:
    there = list_in_database(job.home)
    if job.draft:
        return "draft"
    if not unchanged or previous is None or previous.manifest_id not in there:
        return "publish"
    lacks_papers = job.papers and not previous.papers
    return "reprint" if lacks_papers or find_lake_damage(job.home, previous) is not None else "nothing"


def list_in_database(home: Home) -> set[str]:
    """List the manifest ids whose rows the analysts' file holds; none when it is lost.

    Raises PublicError when it cannot be read: earlier findings and figures stand in it, and a new one would lack them.
    """
    if not home.database.exists():
        return set()
    import duckdb

    from transforms.published.export import run_query

    try:
        return {row[0] for row in run_query(home.database, "select manifest_id from meta.run").rows}
    except duckdb.Error as error:
        raise PublicError(f"分析文件打不开（{type(error).__name__}），没有做任何改动。{NO_DATABASE}") from error


def validate(plan: Plan, landing: Landing) -> Path:
    """Validate the delivery into its own folder, once; return the folder. Raises Refused, PublicError on damage."""
    from transforms.validated.validate import validate_period

    home, period = plan.job.home, plan.inputs.period
    for held in plan.held:
        if (damaged := find_lake_damage(home, held)) is not None:
            raise PublicError(say_damage(home, held, damaged))
    done = home.validated(period, plan.inputs.run_id)
    if find_damage(done) is None and not landing.refusals:
        return done
    plan.job.say("校验")
    temporary = done.with_name(f".{done.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    try:
        result = validate_period(landing, plan.job.period, _validated_folders(plan)[:-1], temporary, lake=home.lake,
            say=plan.job.say, program=plan.inputs.program, earlier=find_whole(home, plan.previous))  # fmt: skip
        problems = (*landing.refusals, *result.refusals)
        if problems:
            raise Refused(refuse(home, plan.job.period, tuple(dict.fromkeys(p.message for p in problems))))
        if find_damage(done) is not None:
            seal(temporary)
            replace_folder(temporary, done)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return done


def refuse(home: Home, period: Bimester, problems: tuple[str, ...]) -> str:
    """Write why a period cannot be reported beside its papers, and return the text. Published papers stay."""
    lines = [f"{number}. {problem}" for number, problem in enumerate(problems, start=1)]
    text = "\n".join([f"{period.label}报送材料有以下问题，本次未出报，已发布的内容没有改动：", *lines,
                      "请按上述办法补正，放回收件文件夹后重新运行。"])  # fmt: skip
    write_atomically(home.refusal(str(period)), text + "\n")
    return text


def _validated_folders(plan: Plan) -> tuple[Path, ...]:
    runs = [*((m.inputs.period, m.inputs.run_id) for m in plan.held), (plan.inputs.period, plan.inputs.run_id)]
    return tuple(plan.job.home.validated(period, run_id) for period, run_id in runs)


def build(plan: Plan) -> Path:
    """Build the work file of this run: every stage from validated to indicators."""
    from transforms.build import WorkInputs, build_work_file
    from transforms.documents.context import read_office
    from transforms.documents.reading import say_undated
    from transforms.documents.templates import list_folders

    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # names are read by character: its phrases, half its load, are never asked
    home = plan.job.home
    plan.staged.remove()
    build_work_file(
        plan.staged.work,
        WorkInputs(
            period=plan.job.period,
            version=plan.version,
            issued=plan.inputs.issued,
            validated=_validated_folders(plan),
            openings=tuple(home.openings(m.inputs.period, m.inputs.run_id) for m in plan.held),
            numbered=_list_numbered(plan),
            published=home.database if home.database.exists() else None,
            sent=plan.inputs.sent,
            pseudonym_key=read_key(home),
            district=read_office(list_folders(home.templates)).district,
            engine=read_engine(home),
        ),
        _say_stages(plan.job.say),
    )
    say_undated(plan.staged.work, plan.job.period, plan.version, plan.job.say)
    return plan.staged.work


def _list_numbered(plan: Plan) -> tuple[Path, ...]:
    """List the case openings of this period's published versions, oldest first, each once."""
    runs = dict.fromkeys(m.inputs.run_id for m in list_versions(plan.job.home, plan.job.period))
    folders = (plan.job.home.openings(plan.inputs.period, run_id) for run_id in runs)
    return tuple(folder for folder in folders if folder.exists())


STAGE_WORDS = {"conformed": "归集各类名册", "compared": "四查三比对", "cases": "立案和台账", "indicators": "计算指标"}


def _say_stages(say: Say) -> Say:
    """Turn the names of tables, as they are built, into one line a stage."""
    seen: set[str] = set()

    def say_table(table: str) -> None:
        if (stage := table.partition(".")[0]) not in seen:
            seen.add(stage)
            say(STAGE_WORDS.get(stage, table))

    return say_table


def note_changes(plan: Plan) -> tuple[tuple[str, str, str, str], ...]:
    """Set into the work file what differs from the version it replaces (数据更正说明)."""
    from transforms.published.change import Change, compare_values, compare_versions, write_changes
    from transforms.published.members import write_member_changes
    from transforms.work import connect

    period, old = plan.inputs.period, plan.previous
    con = connect(plan.staged.work, read_engine(plan.job.home))
    try:
        changes = [Change(*change) for change in old.changes] if old and plan.action == "reprint" else []
        if old is not None and old.version != plan.version:
            changes = compare_values("条件", _list_conditions(old.inputs), _list_conditions(plan.inputs))
            changes += compare_values("签发", dict(old.approval), dict(plan.approval))
            changes += compare_versions(con, plan.job.home.database, period, plan.version, old.version)
        write_changes(con, changes, period, plan.version, old.version if changes and old else None)
        last = str(plan.job.period.previous())
        write_member_changes(con, plan.job.home.database, period, plan.version, (last, dict(plan.inputs.sent).get(last)))
    finally:
        con.close()
    return tuple((c.kind, c.what, c.before, c.after) for c in changes)


def _list_conditions(inputs: Inputs) -> dict[str, str]:
    held = {f"所依据的{Bimester.parse(period).label}数据": run_id for period, run_id in inputs.held}
    return {"签发日期": str(inputs.issued), "程序版本": inputs.code, "参考数据": inputs.reference} | held


def keep_openings(plan: Plan) -> int:
    """Add this run's case openings to the lake; a folder once published stays as it is, one of a killed run does not."""
    from transforms.cases import export_openings
    from transforms.work import connect

    folder = plan.job.home.openings(plan.inputs.period, plan.inputs.run_id)
    if find_damage(folder) is None and plan.inputs.run_id in {m.inputs.run_id for m in list_versions(plan.job.home, plan.job.period)}:
        return 0
    temporary = folder.with_name(f".{folder.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    con = connect(plan.staged.work, read_engine(plan.job.home), read_only=True)
    try:
        export_openings(con, temporary, plan.inputs.period)
    finally:
        con.close()
    seal(temporary)
    replace_folder(temporary, folder)
    return 1


def stage_database(plan: Plan) -> dict[str, int]:
    """Write the new analysts' file and named table beside the present ones; return rows by table."""
    from transforms.published.named import write_named
    from transforms.published.write import Publication, write_analysts_file

    home, inputs = plan.job.home, plan.inputs
    plan.job.say("编制分析文件")
    engine = read_engine(home)
    write_named(plan.staged.work, home.named, plan.staged.named, inputs.period, engine)
    return write_analysts_file(
        plan.staged.work,
        home.database if home.database.exists() else None,
        plan.staged.database,
        Publication(plan.job.period, plan.version, inputs.issued, plan.manifest.manifest_id, inputs.run_id,
                    inputs.code, inputs.reference, inputs.held),
        engine,
    )  # fmt: skip


def publish(plan: Plan, changes: tuple[tuple[str, str, str, str], ...], rows: dict[str, int]) -> Manifest:
    """Publish: write the manifest, then move every staged piece into place."""
    home, staged = plan.job.home, plan.staged
    kept = plan.previous if plan.previous and plan.previous.version == plan.version else plan.manifest
    manifest = replace(
        kept,
        papers=staged.hash_papers() or kept.papers,
        rows=tuple(sorted(rows.items())) or kept.rows,
        changes=changes or kept.changes,
        published_at=kept.published_at or _now(),
    )
    staged.sync()
    sync_lake(home, plan.inputs)
    write_manifest(manifest, home.manifests(plan.inputs.period) / f"v{plan.version}.json")
    settle(home, manifest)
    staged.remove()
    return manifest


def finish_draft(plan: Plan) -> Path:
    """Set the draft's papers in place of the last draft; nothing is published."""
    target = plan.job.home.out / plan.inputs.period / "draft"
    replace_folder(plan.staged.papers, target)
    keep_draft(plan.job.home, plan.job.period,
               Draft(plan.inputs.run_id, plan.version, str(plan.inputs.issued), str(target)))  # fmt: skip
    plan.staged.remove()
    return target


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
