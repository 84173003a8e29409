"""The right hour and channel for each buyer: what past contacts teach, and the plan against the deadline.

Pure: no database, no clock, no files. How it works, and where its assumptions come from: docs/slots.md.
"""
