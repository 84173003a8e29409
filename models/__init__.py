"""What is stored, one table family a file, and the vocabulary; importing this package knows every table."""

from models import (
    attempts,
    buyers,
    decisions,
    diary,
    inbound,
    jobs,
    messages,
    orders,
    outbox,
    policies,
    rates,
    replays,
    sandbox,
    sellers,
    steps,
    users,
)

__all__ = [
    "attempts",
    "buyers",
    "decisions",
    "diary",
    "inbound",
    "jobs",
    "messages",
    "orders",
    "outbox",
    "policies",
    "rates",
    "replays",
    "sandbox",
    "sellers",
    "steps",
    "users",
]
