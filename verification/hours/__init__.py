"""When a buyer may be reached: places, calendars, and the rules of the hours, all pure."""
