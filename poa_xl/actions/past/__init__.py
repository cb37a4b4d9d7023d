"""What was done to a master: kept, locked, recovered, told, undone."""
