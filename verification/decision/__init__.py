"""From what was heard to a decision."""
