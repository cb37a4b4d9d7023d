"""Conditional formats and validations of a worksheet part: added at their place, taken out by what they say."""

from collections.abc import Callable, Iterable

from poa_xl.books.patch import containers
from poa_xl.books.patch.newsheet import choice_xml, prompt_xml, rules_xml
from poa_xl.books.patch.ranges import area_of
from poa_xl.books.patch.spans import Node, Splice
from poa_xl.books.patch.styles import Styles
from poa_xl.sheet.spec import Choice, ConditionalFormat, Prompt


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

    def add_rules(self, rules: list[ConditionalFormat]) -> list[Splice]:
        """Add conditional formats behind those of the sheet."""
        if not rules:
            return []
        taken = [
            int(rule.get("priority"))
            for rule in self._root.walk()
            if rule.name == "cfRule" and rule not in self._gone and rule.get("priority").isdigit()
        ]
        xml = rules_xml(rules, self._styles(), max(taken, default=0), self._root.prefix)
        return containers.child(self._data, self._root, "conditionalFormatting", xml)

    def validations(
        self,
        choices: list[Choice],
        drop: Callable[[str], bool] | None,
        prompts: list[Prompt],
        drop_prompt: Callable[[str], bool] | None,
    ) -> list[Splice]:
        """Add drop-down lists and input help, and take out those whose list or title is known.

        A cell keeps the validation that it has: help is for those that have none.
        """
        node = self._root.child("dataValidations")
        present = node.children if node is not None else []
        gone = [each for each in present if _is_dropped(each, drop) or _is_help(each, drop_prompt)]
        taken = _covered([*(each for each in present if each not in gone), *self._outside(node)], choices)
        prefix = self._root.prefix
        added = "".join(choice_xml(choice, prefix) for choice in choices)
        added += "".join(prompt_xml(each, prefix) for each in prompts if not taken(each.area))
        if node is None or not gone:
            return containers.put(self._data, self._root, "dataValidations", added) if added else []
        if not added:
            return containers.take(self._data, node, gone)
        return containers.swap(self._data, node, gone, added)

    def _outside(self, node: Node | None) -> list[Node]:
        """Find the validations that newer programs keep elsewhere in the sheet."""
        inside = [] if node is None else list(node.walk())
        return [each for each in self._root.walk() if each.name == "dataValidation" and each not in inside]


def _covered(kept: Iterable[Node], choices: Iterable[Choice]) -> Callable[[str], bool]:
    """Return what tells whether a cell has a validation."""
    texts = [each.area for each in choices]
    for node in kept:
        child = node.child("sqref")
        texts.append(child.text if child is not None else node.get("sqref"))
    areas = [found for text in texts for part in text.split() if (found := area_of(part)) is not None]

    def is_covered(cell: str) -> bool:
        place = area_of(cell)
        return place is not None and any(
            each.top <= place.top <= each.bottom and each.left <= place.left <= each.right for each in areas
        )

    return is_covered


def _is_dropped(node: Node, drop: Callable[[str], bool] | None) -> bool:
    formula = node.child("formula1")
    return drop is not None and formula is not None and drop(formula.text)


def _is_help(node: Node, drop: Callable[[str], bool] | None) -> bool:
    return drop is not None and node.get("type") in ("", "none") and drop(node.get("promptTitle"))
