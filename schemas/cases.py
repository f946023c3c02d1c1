"""Tables of the cases stage: events in, states out."""

from schemas.table import declare

# Every state a case can be in, and the ledger it stands on (contract §6); a closed case stands on none.
STATES = {
    "待核实": "suspected",
    "待补佐证": "suspected",
    "外地就读待转学": "suspected",
    "在册跟踪": "tracked",
    "劝返中": "dropout",
    "失联": "dropout",
    "复学跟踪": "dropout",
    "已销号": None,
}

TABLES = (
    declare("cases", "candidate", "应立案的儿童", "一行是一名本期应有案件的儿童，取最先的立案原因", "person_id",
            "person_id opened_by issued_on verify_by"),
    declare("cases", "opening", "立案", "一行是一个案件的立案", "case_no",
            "case_no child_key opened_in opened_on opened_by issued_on verify_by case_before"),
    declare("cases", "kept", "立案存档", "一行是本期立的一个案件，连同其身份和所在", "case_no",
            "case_no child_key opened_in opened_on opened_by issued_on verify_by case_before identity id_number id_number_given "
            "registry_number name sex birth_date township village school_code"),
    declare("cases", "before", "期初案件", "一行是一个以前立的案件", "case_no", "case_no person_id is_open"),
    declare("cases", "member", "台账名单", "一行是一本台账上的一名儿童", "period version ledger child_key",
            "period version ledger child_key", published=True),
    declare("cases", "event", "案件事件", "一行是一期所见的一个案件的一次事件（各期都从立案列起，数事件先选定一期）", "case_no seq",
            "case_no seq event happened_on learned_in_period office_kind source_file_id", published=True),
    declare("cases", "stretch", "案件各期状态", "一行是以前立的一个案件状态不变的一段期次", "case_no after_period",
            "case_no after_period last_period state"),
    declare("cases", "left_open", "后案已销而未销的前案", "一行是一个后案都已销号而自身未销号的前案的一段期次", "case_no after_period",
            "case_no after_period last_period"),
    declare("cases", "word", "以前案件的变化", "一行是以前立的一个案件的一次变化", "",
            "case_no person_id learned_in said_on unit_rank statement_kind says state closed_as confirmed_on "
            "waits_for_review holds_until returned_on settled_on names_case"),
    declare("cases", "leave_ended", "休学期满", "一行是一名休学期满未复学的学生", "person_id", "person_id"),
    declare("cases", "heard", "案件的变化", "一行是一个案件的一次变化", "case_no nth",
            "case_no person_id learned_in said_on unit_rank statement_kind says state closed_as confirmed_on "
            "waits_for_review holds_until returned_on settled_on nth"),
    declare("cases", "observation", "复学观察", "一行是一个复学跟踪案件", "case_no", "case_no person_id returned_on watched_until"),
    declare("cases", "turning", "自动转变", "一行是一个案件的一次自动转变（再次离校、复学预警、观察期满）", "case_no turned_in turn",
            "case_no child_key turned_in turned_on turn"),
    declare("cases", "last_word", "最后变化", "一行是一个有变化的案件", "case_no",
            "case_no learned_in said_on says state closed_as waits_for_review holds_until settled_on confirmed_on "
            "returned_on relapses relapsed_from is_back"),
    declare("cases", "standing", "案件现状", "一行是一个案件按结论算出的状态", "case_no",
            "case_no person_id child_key opened_in opened_on opened_by state says said_on closed_on closed_as "
            "confirmed_on returned_on relapses relapsed_from is_back waits_for_review evidence_lapsed evidence_due verify_by "
            "holds_until"),
    declare("cases", "change", "状态变化", "一行是一个案件的一次状态变化（按期次和次序）", "case_no changed_in nth",
            "case_no changed_in nth state closed_as changed_on is_signed office_kind source_file_id"),
    declare("cases", "clock", "案件时限", "一行是一个未销号案件", "case_no", "case_no due_on overdue_working_days"),
    declare("cases", "owner", "案件责任单位", "一行是一个未销号案件", "case_no", "case_no owner_level owner_office beside_office"),
    declare("cases", "case", "案件", "一行是一个案件", "period version case_no",
            "period version case_no child_key state opened_on opened_by closed_on closed_as owner_level owner_office "
            "due_on overdue_working_days returned_on relapses platform_closed_on township village school_code",
            published=True),
    declare("cases", "person_state", "本期儿童案件状态", "一行是一名有案件的儿童（取未销号者，否则最近者）", "person_id",
            "person_id state confirmed_on unresolved"),
    declare("cases", "left_ledger", "台账销减", "一行是一本案件台账本期销减的一名儿童，连同其案件现状", "ledger child_key",
            "ledger child_key case_no state closed_as"),
    declare("cases", "balance", "台账结转", "一行是一本台账", "period version ledger",
            "period version ledger opening added closed closing", published=True),
    declare("cases", "proposal", "规则提出的对象", "一行是一个比对项本学年列出的一名儿童", "comparison person_id",
            "person_id comparison found_in likely_cause says is_confirmed cause_confirmed"),
    declare("cases", "rule_quality", "规则成效", "一行是一个比对项的一个可能原因（all为该比对项合计）", "period version comparison likely_cause",
            "period version comparison likely_cause proposed confirmed refuted still_open precision", published=True),
)  # fmt: skip
