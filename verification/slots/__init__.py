"""The right hour and channel for each buyer: what past contacts teach, and the plan against the deadline.

Pure: no database, no clock, no files. How it works, and where its assumptions come from: docs/slots.md.
"""

import numpy  # noqa: F401 - its threads are limited below
from threadpoolctl import threadpool_limits

# The products here are small: threads of their own cost them more than they bring, and take the cores of the
# processes beside this one.
threadpool_limits(1, user_api="blas")
