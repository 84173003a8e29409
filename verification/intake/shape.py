"""The shape of an order as a seller sends it; the published contract is generated from these classes."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from verification.intake.fields import (
    MOST_ITEMS,
    Amount,
    AnyText,
    Country,
    Currency,
    Few,
    Id,
    Language,
    OptionalText,
    OptionalTime,
    Quantity,
    Text,
    Time,
    WebAddress,
)


class _Sent(BaseModel):
    # A number where text belongs is refused, not turned into text; fields we do not know are passed over.
    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)


class BuyerIn(_Sent):
    """Who ordered."""

    name: OptionalText = Field(None, examples=["نوره العتيبي"])
    phone: AnyText = Field(
        description="As the buyer typed it, in any digits; may be empty, but not left out.",
        examples=["٠٥٥ ١٢٣ ٤٥٦٧"],
    )
    alternate_phone: OptionalText = Field(None, description="Further numbers, as typed.")
    language: Language = Field(
        None,
        description="BCP 47; only the primary tag is kept, anything else counts as none.",
        examples=["ar"],
    )


class AddressIn(_Sent):
    """Where the parcel goes; every line as typed."""

    country: Country = Field(
        description="ISO 3166-1 alpha-2; one we do not serve is flagged.", examples=["SA"]
    )
    region: OptionalText = Field(None, examples=["منطقة الرياض"])
    city: OptionalText = Field(None, examples=["الرياض"])
    district: OptionalText = Field(None, examples=["النرجس"])
    street: OptionalText = Field(None, examples=["شارع أنس بن مالك"])
    building: OptionalText = Field(None, examples=["١٢"])
    short_address: OptionalText = Field(
        None, description="The Saudi national address.", examples=["RNRA4521"]
    )
    postal_code: OptionalText = Field(None, examples=["13324"])
    landmark: OptionalText = Field(None, examples=["قرب جامع الرحمن"])


class ItemIn(_Sent):
    """One line of the order."""

    sku: OptionalText = Field(None, examples=["HM-204"])
    title: Text = Field(examples=["خلاط محمول"])
    variant: OptionalText = Field(None, examples=["أسود"])
    quantity: Quantity = Field(examples=[1])
    unit_price: Amount = Field(description="In the order's currency.", examples=["180.00"])
    image_url: WebAddress = Field(
        None, description="Shown to the buyer; anything but http and https is as if left out."
    )
    product_url: WebAddress = Field(
        None, description="Shown to the agent; anything but http and https is as if left out."
    )


class OrderIn(_Sent):
    """An order to verify."""

    store: OptionalText = Field(None, description="The store's slug; the seller's `default` when left out.")
    external_id: Id = Field(description="The store's own id of the order, unique in it.", examples=["1047"])
    number: OptionalText = Field(None, description="The number the buyer knows.", examples=["#1047"])
    placed_at: Time = Field(
        description="When the buyer ordered; without offset it is the store's local time.",
        examples=["2026-11-20T21:14:09+03:00"],
    )
    currency: Currency = Field(description="ISO 4217.", examples=["SAR"])
    total: Amount = Field(
        description="What the buyer pays at the door, with no more decimals than the currency has.",
        examples=["199.00"],
    )
    payment_method: Text = Field(description="As the shop calls it.", examples=["cod"])
    ship_by: OptionalTime = Field(None, description="The decision is needed by then.")
    note: OptionalText = Field(None, examples=["الرجاء الاتصال بعد المغرب"])
    buyer: BuyerIn
    address: AddressIn
    items: Annotated[list[ItemIn], Few] = Field(
        min_length=1,
        description="They need not add up to the total.",
        json_schema_extra={"maxItems": MOST_ITEMS},
    )
