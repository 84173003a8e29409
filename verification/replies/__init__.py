"""Understanding a buyer's own words: the same answer for the same words, and never a guess."""
