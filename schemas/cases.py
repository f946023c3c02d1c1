"""Tables of the cases stage: events in, states out."""

from schemas.table import declare

TABLES = (
    declare("cases", "opening", "立案", "一行是一个案件的立案", "case_no",
            "case_no child_key opened_in opened_on opened_by issued_on verify_by"),
    declare("cases", "ruling", "裁定", "一行是一次结论带来的状态", "person_id learned_in said_on unit_rank statement_kind says",
            "person_id learned_in said_on unit_rank statement_kind says state closed_as confirmed_on"),
    declare("cases", "before", "期初案件", "一行是一个以前立的案件", "case_no", "case_no person_id is_open"),
    declare("cases", "member", "台账名单", "一行是一本台账上的一名儿童", "period version ledger child_key",
            "period version ledger child_key", published=True),
    declare("cases", "event", "案件事件", "一行是一个案件的一次事件", "case_no seq",
            "case_no seq event happened_on learned_in_period office_kind source_file_id", published=True),
    declare("cases", "standing", "案件现状", "一行是一个案件按结论算出的状态", "case_no",
            "case_no person_id child_key opened_in opened_on opened_by state said_on closed_on closed_as confirmed_on "
            "returned_on verify_by"),
    declare("cases", "case", "案件", "一行是一个案件", "period version case_no",
            "period version case_no child_key state opened_on opened_by closed_on closed_as owner_level owner_office "
            "due_on overdue_working_days returned_on relapses platform_closed_on township village school_code",
            published=True),
    declare("cases", "person_state", "本期儿童案件状态", "一行是一名有案件的儿童（取未销号者，否则最近者）", "person_id",
            "person_id state confirmed_on unresolved"),
    declare("cases", "balance", "台账结转", "一行是一本台账", "period version ledger",
            "period version ledger opening added closed closing", published=True),
)  # fmt: skip
