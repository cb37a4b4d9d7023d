"""Conditional formats and validations of a worksheet part: added at their place, taken out by what they say."""

from collections.abc import Callable

from poa_xl.books.patch import spans
from poa_xl.books.patch.newsheet import choice_xml, rules_xml
from poa_xl.books.patch.scan import Scan
from poa_xl.books.patch.spans import Splice
from poa_xl.books.patch.styles import Styles
from poa_xl.sheet.image import Choice, Rule

# The order of the children of a worksheet (ECMA-376, 18.3.1.99).
ORDER = [
    "sheetPr",
    "dimension",
    "sheetViews",
    "sheetFormatPr",
    "cols",
    "sheetData",
    "sheetCalcPr",
    "sheetProtection",
    "protectedRanges",
    "scenarios",
    "autoFilter",
    "sortState",
    "dataConsolidate",
    "customSheetViews",
    "mergeCells",
    "phoneticPr",
    "conditionalFormatting",
    "dataValidations",
    "hyperlinks",
    "printOptions",
    "pageMargins",
    "pageSetup",
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
]


class FormatEdits:
    """Finds the splices.

    Args:
        data: The worksheet part.
        found: Its places.
        styles: The workbook's formats.
    """

    def __init__(self, data: bytes, found: Scan, styles: Styles) -> None:
        self._data = data
        self._scan = found
        self._styles = styles

    def drop_rules(self, drop: Callable[[str], bool] | None) -> list[Splice]:
        """Take out the conditional formats whose formula `drop` knows."""
        splices = []
        for part in self._scan.parts if drop is not None else ():
            if part.name != "conditionalFormatting" or drop is None:
                continue
            node = spans.read(self._data[part.start : part.end], "")
            rules = [each for each in node.children if each.name == "cfRule"]
            ours = [rule for rule in rules if (formula := rule.child("formula")) is not None and drop(formula.text)]
            for rule in ours:
                self._scan.priorities.remove(int(rule.get("priority", "0")))
            if ours and len(ours) == len(rules):
                splices.append(Splice(part.start, part.end, b""))
            else:
                splices += [Splice(part.start + rule.start, part.start + rule.end, b"") for rule in ours]
        return splices

    def add_rules(self, rules: list[Rule]) -> list[Splice]:
        """Add conditional formats behind those of the sheet."""
        if not rules:
            return []
        at = self._place_for("conditionalFormatting")
        xml = rules_xml(rules, self._styles, max(self._scan.priorities, default=0), self._scan.prefix)
        return [Splice(at, at, xml.encode())]

    def choices(self, added_choices: list[Choice], drop: Callable[[str], bool] | None) -> list[Splice]:
        """Add drop-down lists, and take out those whose list `drop` knows."""
        part = self._scan.part("dataValidations")
        added = [choice_xml(choice, self._scan.prefix) for choice in added_choices]
        prefix = self._scan.prefix
        if part is None:
            if not added:
                return []
            at = self._place_for("dataValidations")
            xml = f'<{prefix}dataValidations count="{len(added)}">{"".join(added)}</{prefix}dataValidations>'
            return [Splice(at, at, xml.encode())]
        data = self._data[part.start : part.end]
        node = spans.read(self._data[part.start : part.end], "")
        present = [each for each in node.children if each.name == "dataValidation"]
        gone = [each for each in present if drop is not None and _is_dropped(each, drop)]
        count = len(present) - len(gone) + len(added)
        if count == 0 and gone:
            return [Splice(part.start, part.end, b"")]
        if not gone and not added:
            return []
        splices = [Splice(each.start, each.end, b"") for each in gone]
        splices.append(spans.appended(data, node, "".join(added)))
        if "count" in node.attributes:
            splices.append(spans.with_attribute(data, node, "count", str(count)))
        return [splice.moved(part.start) for splice in splices]

    def _place_for(self, name: str) -> int:
        """Where a new child of the worksheet belongs."""
        rank = ORDER.index(name)
        before = [part.end for part in self._scan.parts if part.name in ORDER and ORDER.index(part.name) <= rank]
        return max(before, default=self._scan.inner)


def _is_dropped(node: spans.Node, drop: Callable[[str], bool]) -> bool:
    formula = node.child("formula1")
    return formula is not None and drop(formula.text)
