"""LibreOffice Calc as a host: what Excel does through xlwings, Calc does through the same code."""
