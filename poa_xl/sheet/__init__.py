"""The only place that knows headers and columns: cells to plan, plan to cells."""
