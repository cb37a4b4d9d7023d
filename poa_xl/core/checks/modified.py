"""What was modified since the plan was approved: reasons that lack, traspasos that do not come out even."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from poa_xl.core.checks.fault import Fault
from poa_xl.core.modifications import MONEY, Modification, Modified, amount_of
from poa_xl.core.plan import Plan
from poa_xl.i18n import number, say

# Money whose group of partidas nobody can tell.
_MIXED = ""


def without_motive(plan: Plan) -> Iterator[Fault]:
    """A modification without a motive; an operation that came or went has one for all its partidas."""
    explained = {each.about for each in plan.modified if not each.field and each.motive}
    for index, each in listed(plan):
        if not each.motive and (each.field or each.about not in explained):
            yield Fault(
                index,
                "name",
                "",
                say("{kind} sin motivo: {code}", kind=str(each.kind), code=each.called),
                say("escribir el motivo, y el informe técnico y el documento que la respaldan"),
            )


def unbalanced(plan: Plan) -> Iterator[Fault]:
    """A traspaso that gives more than it takes, or less."""
    for document, lines in _transfers(plan).items():
        total = sum((each.difference or Decimal(0) for _, each in lines), Decimal(0))
        if total:
            yield Fault(
                lines[0][0],
                "budget",
                number(total),
                say("los traspasos {document} no suman cero: {total}", document=_named(document), total=number(total)),
                say("cuadrarlos; o nombrar en Documento lo que es incremento o reducción, aparte de los traspasos"),
                number(Decimal(0)),
            )


def between_groups(plan: Plan) -> Iterator[Fault]:
    """A traspaso that is even as a whole and moves money from one group of partidas to another."""
    for document, lines in _transfers(plan).items():
        moved = _moved(plan, document)
        if sum(moved.values(), Decimal(0)):
            continue
        for group, total in sorted(moved.items()):
            if total:
                index = next((index for index, each in lines if group in _groups(each)), lines[0][0])
                yield Fault(
                    index,
                    "budget",
                    number(total),
                    say(
                        "los traspasos {document} no suman cero en el grupo {group}: {total}",
                        document=_named(document),
                        group=group or "—",
                        total=number(total),
                    ),
                    say("confirmar que la norma permite pasar de un grupo de partidas a otro"),
                    number(Decimal(0)),
                )


def listed(plan: Plan) -> Iterator[tuple[int, Modified]]:
    """Yield the modifications with the index of the line that lists each."""
    return enumerate(plan.modified, len(plan.rows) + len(plan.strays))


def _named(document: str) -> str:
    return f"({document})" if document else say("sin documento")


def _transfers(plan: Plan) -> Mapping[str, Sequence[tuple[int, Modified]]]:
    """Return by document what moves money, where one of it is a traspaso."""
    found: dict[str, list[tuple[int, Modified]]] = defaultdict(list)
    for index, each in listed(plan):
        if each.kind in MONEY:
            found[each.document].append((index, each))
    return {
        document: lines
        for document, lines in found.items()
        if any(each.kind is Modification.TRANSFER for _, each in lines)
    }


def _moved(plan: Plan, document: str) -> dict[str, Decimal]:
    """Return by group of partidas how much more it has under a document."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    mine = [each for each in plan.modified if each.document == document and each.kind in MONEY]
    money = {each.about for each in mine if each.field == "budget" and not each.partida}
    former = {each.about: str(each.before or "") for each in mine if each.field == "partida"}
    for each in mine:
        if each.field == "partida":
            if each.about not in money:
                found[group_of(str(each.before or ""))] -= amount_of(each.row.budget)
                found[group_of(str(each.after or ""))] += amount_of(each.row.budget)
            continue
        now = each.partida or each.row.partida
        was = each.partida or former.get(each.about, now)
        found[group_of(was)] -= amount_of(each.before)
        found[group_of(now)] += amount_of(each.after)
    return dict(found)


def _groups(each: Modified) -> set[str]:
    """Return the groups of partidas that a modification may touch."""
    ends = (str(end or "") for end in (each.before, each.after))
    texts = tuple(ends) if each.field == "partida" else (each.partida or each.row.partida,)
    return {group_of(text) for text in texts}


def group_of(partida: str) -> str:
    """Return the group of partidas: 20000 of 24300 and of 24300;25900; empty where there are several, or none."""
    found = {text[:1] for text in partida.replace(";", " ").replace(",", " ").split()}
    return f"{found.pop()}0000" if len(found) == 1 else _MIXED
