"""Whether choosing well is worth it: orders on the fixed schedule, contacts drawn by lot, the kill switch."""
