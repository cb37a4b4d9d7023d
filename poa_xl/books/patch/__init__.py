"""Lossless edits of a workbook that somebody else made: bytes in, bytes out.

No library edits a foreign workbook without harm, so this does: untouched members are copied as raw compressed
bytes; in the parts that change, bytes are spliced in and out at the places where XML elements begin and end, so
that everything else keeps its exact text. What cannot be done safely is refused with the reason.

    members   the zip: raw copies, replaced and new members
    spans     small XML parts as trees of byte spans
    scan      a worksheet part: where its rows, cells and elements stand
    sheet     edits of a worksheet part as splices; `columns` widths and levels, `formats` its rules and lists
    cells     the XML of a cell
    styles    formats appended to styles.xml, never changed
    newsheet  a sheet image as a worksheet part
    insert    rows inserted, every reference of the package moved (`moved` knows how)
    parts     the members that change: worksheets, workbook, relationships, content types
    editor    what puts them together
    gate      the proof, after each edit, that nothing else changed
"""
