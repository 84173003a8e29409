"""Those who work at the pages, and how."""

from enum import StrEnum


class Role(StrEnum):
    """What a user of the pages may do."""

    agent = "agent"
    supervisor = "supervisor"
    admin = "admin"
    seller = "seller"


class AgentState(StrEnum):
    """What an agent at the desk is doing; between two shifts there is no state."""

    waiting = "waiting"
    preview = "preview"
    call = "call"
    on_break = "on_break"


class PromiseResult(StrEnum):
    """What became of a promised call; `dropped` when it was no longer needed, or moved."""

    kept = "kept"
    broken = "broken"
    dropped = "dropped"


class DialMode(StrEnum):
    """How an agent's call is made: from the agent's own phone, or by a provider that connects both."""

    own_phone = "own_phone"
    click_to_call = "click_to_call"
