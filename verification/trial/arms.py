"""Which orders stay on the fixed schedule, and what is drawn by lot: pure, and always the same."""

from hashlib import blake2b
from uuid import UUID

from models.vocabulary import Arm, Chooser
from verification.policy.values import Policy


def lot(order_id: UUID, what: str) -> float:
    """A number from 0 to 1 (not included) that belongs to the order and this question for ever."""
    drawn = blake2b(order_id.bytes, digest_size=8, person=what.encode()[:16]).digest()
    return int.from_bytes(drawn) / 2**64


def arm_of(order_id: UUID, policy: Policy, *, stopped: bool) -> Arm:
    """By what the contacts of a new order are chosen; `stopped` while the kill switch is on."""
    if stopped or policy.chooser is Chooser.fixed:
        return Arm.fixed
    return Arm.control if 100 * lot(order_id, "arm") < policy.control_percent else Arm.learned
