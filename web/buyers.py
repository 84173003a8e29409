"""Buyers over the API."""

from models.unit_of_work import Session
from verification.refusals import NotFound
from verification.telling.listing import buyer_resource
from web.call import Answer, Call
from web.problems import Problem
from web.routes import route
from web.shapes import BuyerOut


@route("GET", "/buyers/<buyer_id>", gives={200: BuyerOut}, problems=["not_found"])
def show_buyer(call: Call, session: Session, buyer_id: str) -> Answer:
    """A buyer's tier with its reasons, and the seller's own latest orders of that buyer."""
    try:
        return Answer.of(buyer_resource(session, call.caller.seller_id, buyer_id, call.language))
    except NotFound:
        raise Problem("not_found") from None
