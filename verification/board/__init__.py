"""What supervisors look at: which orders wait and why, what agents do, how the day goes. Reads only."""
