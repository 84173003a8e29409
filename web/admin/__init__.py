"""The admin's pages: the calendar, the policies, the record of what was changed."""
