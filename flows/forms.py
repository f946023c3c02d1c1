"""The forms of Prefect's pages, in Chinese: closed lists wherever free text would invite a name."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any

from prefect.input import RunInput
from pydantic import BaseModel, ConfigDict, Field

from flows.decisions import Approval
from flows.municipality import list_districts
from flows.settings import find_home
from schemas.bimester import Bimester
from schemas.municipal import WHOLE


class Months(Enum):
    """The six bimesters as the form lists them."""

    B1 = "1—2月"
    B2 = "3—4月"
    B3 = "5—6月"
    B4 = "7—8月"
    B5 = "9—10月"
    B6 = "11—12月"


class Mode(Enum):
    """Draft or publication."""

    draft = "草稿"
    publish = "发布"


class Reason(Enum):
    """Why a period is run again; a closed list, so that no name is typed here."""

    supplied = "补报或更正了报送文件"
    stale = "前期数据已更正"
    issued = "签发日期变动"
    trial = "试运行"


def _offer(schema: dict[str, Any], *more: str) -> None:
    """Offer the served municipality's districts; a district's own form has no such field."""
    home, fields = find_home(), schema["properties"]
    if not home.is_city:
        del fields["district"]
        return
    fields["district"]["enum"] = [*more, *(district.name for district in list_districts(home))]
    fields["district"].pop("default")
    schema["required"] = ["district", *schema["required"]]


def offer_one(schema: dict[str, Any]) -> None:
    """Of a municipality's districts one."""
    _offer(schema)


def offer_all(schema: dict[str, Any]) -> None:
    """Of a municipality's districts one, or all."""
    _offer(schema, WHOLE)


class Rerun(BaseModel):
    """重跑一期双月报。"""

    model_config = ConfigDict(json_schema_extra=offer_all)
    district: str = Field(default="", title="区县", description=f"{WHOLE}为各区县逐个重跑，再汇总")
    year: int = Field(title="年份", description="如 2025", ge=2015, le=2100)
    months: Months = Field(title="双月", description="哪两个月")
    mode: Mode = Field(default=Mode.draft, title="方式", description="草稿不发布；发布则生成新版本")
    reason: Reason = Field(title="原因", description="为何重跑")

    @property
    def period(self) -> Bimester:
        """The period chosen."""
        return Bimester(self.year, list(Months).index(self.months) + 1)


class Backfill(BaseModel):
    """补算一段时间的各期。"""

    first_year: int = Field(title="起：年份", description="如 2024", ge=2015, le=2100)
    first_months: Months = Field(title="起：双月")
    last_year: int = Field(title="止：年份", description="如 2025", ge=2015, le=2100)
    last_months: Months = Field(title="止：双月")
    reason: Reason = Field(title="原因", description="为何补算")

    @property
    def first(self) -> Bimester:
        """The first period chosen."""
        return Bimester(self.first_year, list(Months).index(self.first_months) + 1)

    @property
    def last(self) -> Bimester:
        """The last period chosen."""
        return Bimester(self.last_year, list(Months).index(self.last_months) + 1)


class Put(BaseModel):
    """送审稿所在的一期。"""

    model_config = ConfigDict(json_schema_extra=offer_all)
    district: str = Field(default="", title="区县", description=f"{WHOLE}为待签发的各区县一并签发")
    year: int = Field(title="年份", description="如 2025", ge=2015, le=2100)
    months: Months = Field(title="双月")

    @property
    def period(self) -> Bimester:
        """The period chosen."""
        return Bimester(self.year, list(Months).index(self.months) + 1)


class HandedUp(BaseModel):
    """登记一版已报送。"""

    model_config = ConfigDict(json_schema_extra=offer_one)
    district: str = Field(default="", title="区县")
    year: int = Field(title="年份", description="如 2025", ge=2015, le=2100)
    months: Months = Field(title="双月")
    version: int = Field(default=0, title="版本", description="第几版；0 为最新一版", ge=0, le=999)
    to: str = Field(title="报送对象", description="单位名称，如 重庆市教育委员会", min_length=2, max_length=40)
    on: date = Field(title="报送日期")

    @property
    def period(self) -> Bimester:
        """The period chosen."""
        return Bimester(self.year, list(Months).index(self.months) + 1)


class Decision(Enum):
    """What the office decides about a draft."""

    sign = "签发"
    back = "退回"


class Back(Enum):
    """Why a draft is sent back; the details go by word of mouth, not into a server's database."""

    none = "（签发的不填）"
    figures = "数字有疑问"
    wording = "文字需修改"
    supply = "材料需补报"
    other = "其他"


class SignOff(RunInput):
    """签发或退回送审稿。"""

    decision: Decision = Field(title="决定", description="签发即发布；退回则不发布")
    why: Back = Field(default=Back.none, title="退回原因", description="退回的才填")
    reviewer: str = Field(title="审核人", min_length=1, max_length=20)
    signer: str = Field(title="签发人", min_length=1, max_length=20)
    签发日期: date = Field(description="文稿的成文日期；时限自次日起算")  # given beforehand, a field's title is lost
    number: str = Field(default="", title="发文字号", description="如 荣教委〔2025〕18号；没有则空", max_length=40)

    @property
    def approval(self) -> Approval:
        """Who signed, as manifests keep it."""
        return Approval(self.reviewer.strip(), self.signer.strip(), self.签发日期, self.number.strip())
