"""What a file that came back is held against: what was sent, as later runs settled it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from poa_xl.actions.load import Opened
from poa_xl.actions.rereading import AsSent, sent_texts
from poa_xl.actions.tracking import reported_plan
from poa_xl.core.aliases import Aliases
from poa_xl.core.blocks import Block, value_of
from poa_xl.core.codes import Code, read_code
from poa_xl.core.plan import DECIDED, Plan
from poa_xl.core.returned import by_code
from poa_xl.core.text import fold
from poa_xl.i18n import say
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.headers import Layout
from poa_xl.sheet.identity import Identity
from poa_xl.sheet.profile import PLAIN, Profile
from poa_xl.sheet.tracking_read import key_of
from poa_xl.store.address import URL
from poa_xl.store.history import History
from poa_xl.store.packing import unpack_rows

_OPENED: list[History] = []


@dataclass(frozen=True)
class Terms:
    """What files are held against.

    Attributes:
        url: The history; None for none.
        lineage: Runs that the master builds on.
        aliases: The office's list of unit names.
        root: Code of the master's root; empty when nobody knows.
        year: The year that the master plans.
        stated_year: The year as the user states it.
        whole: Whether the plans are wanted whole, because there is no master.
        profile: What is known of the layout of the master.
        own: The columns that the master has besides those of fields; others of a file do not come along.
    """

    url: URL | None
    lineage: tuple[str, ...]
    aliases: Aliases
    root: str
    year: int | None
    stated_year: int | None
    whole: bool
    profile: Profile = PLAIN
    own: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Base:
    """What a file is held against.

    Attributes:
        blocks: What was sent, by code, as later runs settled it; None when nobody knows.
        sent: What was sent, by code.
        loose: What was sent without a code of its own.
        known: Whether the history knows it.
        names: Codes of the file that the office changed for its rows, to what they are now.
        problem: Why nothing that the file says of itself is to be believed; empty when it is.
        as_sent: The sheet as it was sent; None where a file has to be read as a whole.
    """

    blocks: Mapping[Code, Block] | None = None
    sent: Mapping[Code, Block] = field(default_factory=dict)
    loose: Sequence[Block] = ()
    known: bool = False
    names: Mapping[Code, Code] = field(default_factory=dict)
    problem: str = ""
    as_sent: AsSent | None = None

    @property
    def codes(self) -> frozenset[Code]:
        """The codes that the file should hold."""
        return frozenset(self.blocks or ())

    def reported(self, source: Opened, plan: Plan) -> Plan:
        """Return a plan with what the file reports; of operations without a row there, with what was sent."""
        former = {key_of(block.head): block.head.reported for block in (self.blocks or {}).values()}
        return reported_plan(source, plan, {key: told for key, told in former.items() if told})

    def lacking(self, layout: Layout, profile: Profile) -> Iterator[str]:
        """Yield the captions of columns that a file has not, and that something stood in when it was sent."""
        rows = [row for block in self.sent.values() for row in block.rows]
        # The master of another office may have no column for the unit, nor for what tells its rows apart.
        absent = {name for name in ("code", "unit") if profile.columns and not profile.columns.get(name)}
        for name in DECIDED:
            if (
                name not in absent
                and name not in layout.columns
                and any(value_of(row, name) not in (None, "") for row in rows)
            ):
                yield CAPTIONS[name]

    def renamed(self, plan: Plan) -> Plan:
        """Return a plan whose rows have the codes that the office gave them, where the file has the old ones."""
        present = {code for _, code in plan.coded()}
        names = {old: new for old, new in self.names.items() if new not in present}
        rows = (
            replace(row, code=names[row.code]) if isinstance(row.code, Code) and row.code in names else row
            for row in plan.rows
        )
        return replace(plan, rows=tuple(rows)) if names else plan


def base_of(sha256: str, identity: Identity | None, terms: Terms) -> Base:
    """Return what a file is held against; the sending is believed only where it is the file's own."""
    if terms.url is None:
        return Base()
    history = _history(terms.url)
    sent = history.sent(identity.base) if identity is not None and identity.base else None
    if sent is not None and identity is not None and _claims(identity) != (fold(sent.unit), fold(sent.plan), sent.year):
        return Base(
            problem=say(
                "dice ser de {unit}, pero lo que se envió con su clave era de {other}; pedir el libro que se envió",
                unit=f"{identity.unit or '—'} {identity.plan} {identity.year or ''}".strip(),
                other=f"{sent.unit or '—'} {sent.plan} {sent.year or ''}".strip(),
            )
        )
    settled = history.settled(sent.id if sent is not None else sha256, terms.lineage)
    if sent is None and not settled:
        return Base()
    rows = unpack_rows(sent.content) if sent is not None else ()
    # Where settings say how plans are read, or all of a file is wanted, none of its rows stands for itself.
    is_usual = terms.profile == PLAIN and not terms.whole
    as_sent = sent_texts(sent.texts or b"", rows) if sent is not None and is_usual else None
    plan = terms.aliases.plan(Plan(rows))
    found, loose = by_code(plan)
    first = {code: blocks[0] for code, blocks in found.items() if len(blocks) == 1}
    is_as_sent = not settled
    loose += [block for blocks in found.values() if len(blocks) > 1 for block in blocks]
    base = {str(code): block for code, block in first.items()}
    base |= {code: block for code, block in settled.items() if block is not None}
    for code, block in settled.items():
        if block is None:
            base.pop(code, None)
    blocks = {block.head.code: block for block in base.values() if isinstance(block.head.code, Code)}
    names = {
        old: block.head.code
        for text, block in settled.items()
        if block is not None
        and isinstance(block.head.code, Code)
        and str(block.head.code) != text
        and isinstance(old := read_code(text), Code)
    }
    return Base(first if is_as_sent else blocks, first, loose, sent is not None, names, as_sent=as_sent)


def _claims(identity: Identity) -> tuple[str, str, int | None]:
    return fold(identity.unit), fold(identity.plan), identity.year


def _history(url: URL) -> History:
    """Return the history at an address, opened once: compared part by part, for odd paths make no hash."""
    if not _OPENED or _OPENED[0].url != url:
        _OPENED[:] = [History(url, migrate=False)]
    return _OPENED[0]
