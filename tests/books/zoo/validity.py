"""What makes a package invalid: order and parentage by the tables of the standard, counts, doubles, loose ends."""

import re
import zipfile
from io import BytesIO

from lxml import etree

from tests.books.zoo.comparator import Read, book_part, local, read, relations

_WORKSHEET = """sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges
scenarios autoFilter sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting
dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties
cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls
webPublishItems tableParts extLst"""
_WORKBOOK = """fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences
definedNames calcPr oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing fileRecoveryPr
webPublishObjects extLst"""
_STYLES = "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst"
_ORDERS = {"worksheet": _WORKSHEET.split(), "workbook": _WORKBOOK.split(), "styleSheet": _STYLES.split()}
_ONLY = {
    "cols": "col",
    "definedNames": "definedName",
    "mergeCells": "mergeCell",
    "dataValidations": "dataValidation",
    "sheets": "sheet",
    "hyperlinks": "hyperlink",
    "cellXfs": "xf",
    "fonts": "font",
    "fills": "fill",
    "borders": "border",
    "dxfs": "dxf",
    "numFmts": "numFmt",
}


def faults(data: bytes) -> list[str]:
    """List what is invalid in a package."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        names = [name.lower() for name in package.namelist()]
        found = [] if package.testzip() is None else ["zip"]
    found += [f"doble: {name}" for name in sorted({name for name in names if names.count(name) > 1})]
    package_ = read(data)
    for part, tree in package_.trees.items():
        found += [f"{part}: {fault}" for fault in _children(tree)]
        if local(tree) == "worksheet":
            found += [f"{part}: {fault}" for fault in _sheet(tree)]
    return found + _loose(package_)


def _children(tree: etree._Element) -> list[str]:
    order = _ORDERS.get(local(tree))
    if order is None:
        return []
    found, last, seen = [], 0, set[str]()
    home = etree.QName(tree).namespace
    for each in tree:
        name = local(each)
        if etree.QName(each).namespace != home:
            continue
        if name not in order:
            found.append(f"<{name}> no va en <{local(tree)}>")
            continue
        if order.index(name) < last:
            found.append(f"<{name}> fuera de orden")
        if name in seen and name != "conditionalFormatting":
            found.append(f"<{name}> dos veces")
        last, seen = max(last, order.index(name)), {*seen, name}
        if name in _ONLY:
            found += [f"<{local(inside)}> en <{name}>" for inside in each if local(inside) != _ONLY[name]]
            if each.get("count") and int(str(each.get("count"))) != len(each):
                found.append(f"<{name} count={each.get('count')}> con {len(each)}")
    names = [(str(each.get("name")).casefold(), each.get("localSheetId")) for each in tree.iter("{*}definedName")]
    return found + [f"nombre doble {name}" for name in {name for name in names if names.count(name) > 1}]


def _sheet(tree: etree._Element) -> list[str]:
    found, last = [], 0
    for each in tree.iterfind("{*}cols/{*}col"):
        if int(str(each.get("min"))) <= last or int(str(each.get("max"))) < int(str(each.get("min"))):
            found.append(f"columnas {each.get('min')}-{each.get('max')} encimadas")
        last = int(str(each.get("max")))
    row = 0
    for line in tree.iterfind("{*}sheetData/{*}row"):
        number = int(line.get("r") or row + 1)
        if number <= row:
            found.append(f"fila {number} fuera de orden")
        row = number
        behind = [local(each) for each in line]
        found += [f"fila {row}: celdas detrás de extLst"] if "extLst" in behind[:-1] else []
        cells = [str(cell.get("r")).upper().replace("$", "") for cell in line.iterfind("{*}c") if cell.get("r")]
        found += [f"celda {cell} en la fila {row}" for cell in cells if not cell.endswith(str(row))]
        places = [(len(re.sub(r"\d", "", cell)), re.sub(r"\d", "", cell)) for cell in cells]
        found += [f"fila {row}: celdas fuera de orden"] if places != sorted(set(places)) else []
    rules = [each.get("priority") for each in tree.iter("{*}cfRule")]
    return found + [f"prioridad {each} doble" for each in {each for each in rules if rules.count(each) > 1}]


def _loose(package: Read) -> list[str]:
    # Some writers spell its name in small letters.
    types = next(tree for name, tree in package.trees.items() if name.lower() == "[content_types].xml")
    typed = {str(each.get("PartName")).lstrip("/").lower() for each in types if each.get("PartName")}
    present = {name.lower() for name in package.parts}
    found = [f"tipo de {name}, que no está" for name in sorted(typed - present)]
    for part in ("", *package.parts):
        found += [
            f"{part}: {kind} -> {target}, que no está"
            for kind, target in relations(package, part).values()
            if target.lower() not in present
        ]
    identities = {each for each, (kind, _) in relations(package, book_part(package)).items() if kind}
    for sheet in package.trees[book_part(package)].iter("{*}sheet"):
        identity = next((value for key, value in sheet.attrib.items() if str(key).endswith("}id")), "")
        found += [] if identity in identities else [f"hoja {sheet.get('name')} sin relación"]
    return found
