"""The buttons, group by group: each takes the workbook that is open and returns what to say about it."""
