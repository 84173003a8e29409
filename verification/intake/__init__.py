"""Intake: from what a seller sent to a checked draft, or to every reason why not."""
