"""What is known of a person: kept no longer than needed, handed over and erased when asked for."""
