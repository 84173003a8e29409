"""Orders from the files sellers keep: CSV and Excel, in Arabic, English or Chinese."""
