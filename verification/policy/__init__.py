"""Every number and rule that a manager would want to change, as named values."""
