"""Conditional formats and validations of a worksheet part: added at their place, taken out by what they say."""

from collections.abc import Callable

from poa_xl.books.patch import containers
from poa_xl.books.patch.newsheet import choice_xml, rules_xml
from poa_xl.books.patch.spans import Node, Splice
from poa_xl.books.patch.styles import Styles
from poa_xl.sheet.image import Choice, Rule


class FormatEdits:
    """Finds the splices.

    Args:
        data: The worksheet part without its rows.
        root: Its tree.
        styles: Gives the workbook's formats.
    """

    def __init__(self, data: bytes, root: Node, styles: Callable[[], Styles]) -> None:
        self._data = data
        self._root = root
        self._styles = styles
        self._gone: list[Node] = []

    def drop_rules(self, drop: Callable[[str], bool] | None) -> list[Splice]:
        """Take out the conditional formats whose formula `drop` knows."""
        splices: list[Splice] = []
        for node in self._root.children if drop is not None else ():
            if node.name != "conditionalFormatting" or drop is None:
                continue
            rules = [each for each in node.children if each.name == "cfRule"]
            ours = [rule for rule in rules if (formula := rule.child("formula")) is not None and drop(formula.text)]
            self._gone += ours
            splices += containers.take(self._data, node, ours)
        return splices

    def add_rules(self, rules: list[Rule]) -> list[Splice]:
        """Add conditional formats behind those of the sheet."""
        if not rules:
            return []
        taken = [int(rule.get("priority")) for rule in self._root.walk()
                 if rule.name == "cfRule" and rule not in self._gone and rule.get("priority").isdigit()]  # fmt: skip
        xml = rules_xml(rules, self._styles(), max(taken, default=0), self._root.prefix)
        return containers.child(self._data, self._root, "conditionalFormatting", xml)

    def choices(self, choices: list[Choice], drop: Callable[[str], bool] | None) -> list[Splice]:
        """Add drop-down lists, and take out those whose list `drop` knows."""
        added = "".join(choice_xml(choice, self._root.prefix) for choice in choices)
        node = self._root.child("dataValidations")
        gone = [each for each in (node.children if node is not None else ()) if _is_dropped(each, drop)]
        if node is None or not gone:
            return containers.put(self._data, self._root, "dataValidations", added) if added else []
        if not added:
            return containers.take(self._data, node, gone)
        return containers.swap(self._data, node, gone, added)


def _is_dropped(node: Node, drop: Callable[[str], bool] | None) -> bool:
    formula = node.child("formula1")
    return drop is not None and formula is not None and drop(formula.text)
