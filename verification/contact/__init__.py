"""Carrying contacts out: from due to ready, claimed, made, and watched over."""
