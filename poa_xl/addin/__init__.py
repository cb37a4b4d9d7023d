"""The Excel add-in: built from `macros/` and `udfs.py` on any system, installed where Excel is."""
