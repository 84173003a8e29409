"""The values of a policy that weigh contacts against each other: prices in US dollars, caps, shares."""

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from models.vocabulary import Chooser

_AMOUNT = re.compile(r"[0-9]{1,6}(\.[0-9]{1,4})?")


def _amount(value: Any) -> str:
    if isinstance(value, str) and _AMOUNT.fullmatch(value):
        return value
    raise ValueError('an amount of US dollars as text is needed, such as "2.00"')


Dollars = Annotated[str, BeforeValidator(_amount), Field(json_schema_extra={"format": "dollars"})]


class Choosing(BaseModel):
    """What choosing hours and channels is told; all amounts are US dollars, as decimal text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    chooser: Chooser = Field(Chooser.learned, description="What chooses hours and channels")
    control_percent: int = Field(
        3, ge=0, le=50, description="Orders kept on the fixed schedule, to compare with"
    )
    random_per_thousand: int = Field(10, ge=0, le=100, description="Contacts drawn by lot, to learn from")
    first_contact_minutes: int = Field(
        15, ge=1, le=1440, description="How soon a new order is contacted, unless waiting is clearly better"
    )
    calls_per_order: int = Field(4, ge=0, le=20, description="At most, by agents and machines together")
    whatsapp_per_order: int = Field(2, ge=0, le=20)
    sms_per_order: int = Field(1, ge=0, le=20)

    decision_value: Dollars = Field("2.00", description="What a decision before the deadline is worth")
    complaint_price: Dollars = Field("20.00", description="What a buyer's complaint or opt-out costs")
    agent_price_percent: int = Field(
        100, ge=10, le=1000, description="At how much of its cost an agent's time is weighed"
    )
    whatsapp_cost: Dollars = Field("0.012", description="Of one message")
    sms_cost: Dollars = Field("0.04", description="Of one message")
    ivr_cost: Dollars = Field("0.02", description="Of one call that a machine makes")
    ivr_talk_cost: Dollars = Field("0.05", description="Besides, when it is answered")
    agent_cost: Dollars = Field("0.08", description="Of one call that an agent makes")
    agent_talk_cost: Dollars = Field("0.37", description="Besides, when it is answered")

    freight_out_cost: Dollars = Field("5.00", description="Of a parcel to the buyer")
    freight_back_cost: Dollars = Field("4.00", description="Of a refused parcel on its way back")
    waive_low_risk: bool = Field(
        False,
        description="Orders without a flag are released without contact where their buyer receives nearly "
        "every order, or where the expected loss is below the cost of asking",
    )
