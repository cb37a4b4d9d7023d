"""The plan and its rules. Pure: the standard library only, no files, no clock, no spreadsheet."""
