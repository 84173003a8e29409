"""Why something asked of what is stored is not done; the text is the code alone, never a value."""

from uuid import UUID


class Refusal(Exception):
    """Base of what is refused; `code` is stable and goes into the answer."""

    code = "refused"

    def __init__(self) -> None:
        super().__init__(self.code)


class NotFound(Refusal):
    """There is no such thing, or it is another seller's: the two are told apart by nobody."""

    code = "not_found"


class AlreadyShipped(Refusal):
    """The parcel has left: too late to correct or withdraw."""

    code = "order_shipped"


class NotDecided(Refusal):
    """There is no decision of ours to review."""

    code = "order_not_decided"


class DetailsErased(Refusal):
    """The buyer's details were erased or have expired, so the order can no longer be corrected."""

    code = "order_details_erased"


def as_id(text: UUID | str) -> UUID:
    """The id that a caller wrote; raises `NotFound` for what is none."""
    if isinstance(text, UUID):
        return text
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
