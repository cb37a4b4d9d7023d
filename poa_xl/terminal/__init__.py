"""What people and programs get to see in a terminal, a pipe or a file; the only place that knows how to show it."""
