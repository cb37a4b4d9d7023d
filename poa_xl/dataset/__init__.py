"""The plans of a whole country as a dataset: Parquet files by region, in bounded memory, taken up again after a stop.

`sources` finds the files, `extract` reads one of them, `engines` do so in processes or on a cluster, `parts` keep what
was read, `collect` is the way through all of it; `query` asks, `books` draws a workbook for each region.
"""
