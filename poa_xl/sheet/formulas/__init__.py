"""The control columns as native formulas: right with no Python at all, in Excel 2016, in Calc and elsewhere.

They say what `poa_xl.core` says, and tests hold them together in real spreadsheet programs. What several of them need
stands in helper columns to the right of *Motivo*, one thought each: no formula is longer than a thousand characters,
none is volatile, none computes with arrays, and months may stand anywhere in the row. All rows of a kind have the same
formulas, so that a workbook holds each text once.

`place` says where they stand and what a row is, `targets` holds target and months together, `remedies` mends them,
`budgets` sums, `reasons` says what is wrong with the row and why.
"""
