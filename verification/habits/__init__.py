"""Buyers' pasts as stored counts: what was heard is folded in once, and read for planning."""
