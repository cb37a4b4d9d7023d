"""One adapter per kind of workbook: they read grids and write sheet images, and know nothing of plans."""
