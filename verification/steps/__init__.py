"""The life of a planned contact: every change of state of a step or an attempt passes through here."""
