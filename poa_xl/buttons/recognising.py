"""The button that shows how the plan of another office is understood, asks what is in doubt, and keeps the answer."""

from collections.abc import Iterator

from poa_xl.actions import mapping, pressing
from poa_xl.actions.load import Opened
from poa_xl.actions.settings import SETTINGS
from poa_xl.books.live import LiveBook, file_of
from poa_xl.button import TITLE, button
from poa_xl.core.dates import MONTHS
from poa_xl.core.flags import sentences
from poa_xl.i18n import say
from poa_xl.sheet.fields import CAPTIONS
from poa_xl.sheet.grid import letters
from poa_xl.sheet.recognise import Recognised

# From so much evidence on nobody has to look again.
_SURE = 3


@button("Reconocer")
def reconocer(book: LiveBook) -> str:
    """Show what was recognised, how sure that is, and write it into the settings of the office."""
    opened = pressing.open_plan(book)
    found = opened.layout.recognised
    if found is None:
        return say("Los encabezados son los del formulario de la aduana: no hay nada que decir en poa.toml.")
    seen = "\n".join(_lines(opened, found))
    path = file_of(book)
    if path is None:
        more = say(
            "Para que quede escrito en poa.toml, guardar el libro en una carpeta de este equipo y repetir en Excel con "
            "el complemento o en Calc, o usar poa map."
        )
        return f"{seen}\n\n{more}"
    answers = _answers(book, found)
    question = say(
        "{seen}\n\n¿Escribirlo en {file}, junto al libro? Vale para todos los libros de la carpeta.",
        seen=seen,
        file=SETTINGS,
    )
    if not book.ask(question, f"{TITLE} · Reconocer"):
        return say("No se escribió nada; lo reconocido vale mientras {file} no diga otra cosa.", file=SETTINGS)
    settings = mapping.answered(mapping.settings_of(opened), answers)
    written, _ = mapping.write_settings(path.parent, settings)
    return say("Escrito en {file}. Para cambiarlo, editar ese archivo o usar poa map.", file=str(written))


def _lines(opened: Opened, found: Recognised) -> Iterator[str]:
    """Say what was recognised: where the plan stands, its columns, and what is in doubt."""
    layout = opened.layout
    months = [layout.columns[month] for month in MONTHS if month in layout.columns]
    yield say(
        "Hoja «{sheet}»: plan en las filas {first} a {last}, meses en {left} a {right}.",
        sheet=opened.sheet,
        first=str(opened.first),
        last=str(layout.last or opened.last),
        left=letters(min(months)),
        right=letters(max(months)),
    )
    open_fields = {each.field for each in found.doubts}
    for name, each in found.proposals.items():
        sure = say("en duda") if name in open_fields else say("seguro") if each.score >= _SURE else say("probable")
        columns = " ".join(map(letters, each.columns))
        yield f"{CAPTIONS[name]}: {columns} ({sure}; {each.reason})"
    for doubt in found.doubts:
        yield say("En duda: {doubt}", doubt=sentences(doubt.message))


def _answers(book: LiveBook, found: Recognised) -> dict[str, str]:
    """Ask which column is the target, and which series of months is the programmed one, where there are several."""
    answers = {}
    target = found.proposals.get("target")
    if target is not None and target.rivals:
        question = say(
            "¿Es la Meta la columna {letter} «{caption}»? Cancelar toma {other} «{instead}».",
            letter=letters(target.columns[0]),
            caption=found.heading.shown.get(target.columns[0], ""),
            other=letters(target.rivals[0]),
            instead=found.heading.shown.get(target.rivals[0], ""),
        )
        if not book.ask(question, f"{TITLE} · Reconocer"):
            answers["meta"] = letters(target.rivals[0])
    if found.heading.is_unclear and found.heading.others:
        first, other = found.heading.run.columns[0], found.heading.others[0].columns[0]
        question = say(
            "¿Empiezan los meses programados en la columna {letter}? Cancelar toma los que empiezan en {other}.",
            letter=letters(first),
            other=letters(other),
        )
        answers["meses"] = letters(first if book.ask(question, f"{TITLE} · Reconocer") else other)
    return answers
