"""Reasons in words: one file of sentences a language, rendered for whoever reads.

To add a topic, add its dictionary to every language file and merge it there into SENTENCES (a whole reason)
or WORDS (a code that stands inside a reason's params).
"""

from verification.wording.languages import pick_language
from verification.wording.rendering import list_codes, render

__all__ = ["list_codes", "pick_language", "render"]
