"""The supervisors' board: what waits and why, who works, how today goes."""
