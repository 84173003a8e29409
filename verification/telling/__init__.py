"""Telling the seller: signed events, delivered until they are taken or the last try is over."""
