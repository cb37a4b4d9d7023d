"""The command that shows how a plan of any office is understood, asks what is in doubt, and keeps it."""

# ruff: noqa: PLC0415 - what a command alone needs is imported inside it

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

import click

from poa_xl.cli.front import FILE, FOUND, JSON, SHEET, Command, wrote
from poa_xl.i18n import say
from poa_xl.terminal.screen import screen

if TYPE_CHECKING:
    from poa_xl.actions.mapping import Mapped

# Of what a cell holds so many characters show what a column is for.
_SAMPLE = 60


def add_to(group: click.Group) -> None:
    """Add the command to a group."""
    group.add_command(map_)


def _answers(_: click.Context, __: click.Parameter, given: Sequence[str]) -> dict[str, str]:
    from poa_xl.sheet.keys import COLUMN_KEYS

    pairs = [text.partition("=") for text in given]
    for key, equals, value in pairs:
        if not (equals and value.strip() and key in (*COLUMN_KEYS, "meses")):
            known = ", ".join((*COLUMN_KEYS, "meses"))
            raise click.BadParameter(
                say("«{text}» no es CLAVE=COLUMNA; las claves son: {known}", text=key + equals + value, known=known)
            )
    return {key: value.strip() for key, _, value in pairs}


@click.command("map", cls=Command, epilog="Ejemplo: poa map plan.xlsx")
@click.argument("file", type=FILE, metavar="ARCHIVO")
@SHEET
@click.option(
    "--set",
    "answers",
    multiple=True,
    metavar="CLAVE=COLUMNA",
    callback=_answers,
    help="Dice una columna, por su letra o su encabezado: meta=D, meta=suma, unidad=ninguna.",
)
@click.option("-y", "--yes", is_flag=True, help="Toma la propuesta, sin preguntar, y escribe poa.toml.")
@JSON
def map_(file: Path, sheet: str | None, answers: Mapping[str, str], *, yes: bool, as_json: bool) -> None:
    """Muestra cómo se entienden las columnas del plan ARCHIVO y lo guarda en poa.toml, a su lado."""
    from poa_xl.actions.mapping import answered, map_file, write_settings
    from poa_xl.sheet.profile import profile_of
    from poa_xl.terminal import records

    def again(best: "Mapped", given: Mapping[str, str]) -> "Mapped":
        found = map_file(file, sheet, profile_of(answered(best.settings, given)))
        return next(each for each in found if each.sheet == best.sheet)

    found = map_file(file, sheet)
    if answers:
        found = [again(found[0], answers), *found[1:]]
    best = found[0]
    if as_json:
        written = str(write_settings(file.parent, best.settings)[0]) if yes else None
        screen().data(records.as_json({"sheets": [each.as_record() for each in found], "written": written}))
        sys.exit(FOUND if best.questions else 0)
    _show(best, found[1:])
    settings = best.settings
    is_asked = not yes and sys.stdin.isatty() and sys.stdout.isatty()
    if is_asked and (given := _ask(best)):
        best = again(best, given)
        settings = best.settings
        _show_rows(best)
    if yes or (is_asked and click.confirm(say("¿Escribir poa.toml?"), default=True)):
        wrote(*write_settings(file.parent, settings))
    elif not is_asked:
        screen().line(say("No se escribió nada; --yes toma la propuesta y la escribe en poa.toml"))
    sys.exit(FOUND if best.questions and not yes else 0)


def _ask(best: "Mapped") -> dict[str, str]:
    """Ask what is in doubt; an empty answer leaves it as proposed."""
    given = {}
    for question in best.questions:
        proposed = best.target or "suma" if question.field == "meta" else best.fields.get(question.field, "")
        if question.field == "meses":
            proposed = best.months[0]
        text = say("{question} Columna (letra, encabezado, suma o ninguna)", question=question.text)
        answer = str(click.prompt(text, default=proposed)).strip()
        if answer != proposed:
            given[question.field] = answer
    return given


def _show(best: "Mapped", others: Sequence["Mapped"]) -> None:
    from poa_xl.terminal.listing import Column, Listing

    seen = screen()
    top, bottom = map(str, best.header)
    lines = (
        say("en la fila {top}", top=top)
        if top == bottom
        else say("en las filas {top} a {bottom}", top=top, bottom=bottom)
    )
    seen.line(
        say(
            "Hoja «{sheet}», formulario «{profile}»: encabezado {lines}, plan en las filas {first} a {last}",
            sheet=best.sheet,
            profile=best.profile,
            lines=lines,
            first=str(best.first),
            last=str(best.last),
        ),
        "bold",
    )
    table = Listing(
        [
            Column(say("Columna"), is_key=True, is_whole=True),
            Column(say("Encabezado"), share=2),
            Column(say("Se toma como"), "bold", share=2),
            Column(say("Por qué"), share=2),
            Column(say("Muestra"), share=3),
        ]
    )
    for each in best.columns:
        table.add(
            each.letter,
            each.header,
            each.caption,
            each.reason,
            " · ".join(shorten(text, _SAMPLE, placeholder="…") for text in each.samples),
        )
    seen.show(table)
    _show_rows(best)
    for other in others:
        seen.line(say("la hoja «{sheet}» también parece un plan; con --sheet se muestra", sheet=other.sheet), "yellow")
    for text in best.aside:
        seen.line(text, "yellow")


def _show_rows(best: "Mapped") -> None:
    from poa_xl.terminal.listing import Column, Listing

    seen = screen()
    rows = Listing(
        [
            Column(say("Fila"), is_key=True, is_whole=True),
            Column(say("Código"), is_whole=True),
            Column(say("Nombre"), share=3),
            Column(say("Unidad"), share=1),
            Column(say("Meta"), is_number=True),
            Column(say("Meses"), share=3),
        ],
        say("Las primeras filas, como se entienden"),
    )
    for row in best.rows:
        rows.add(*(row.get(key, "") for key in ("fila", "codigo", "nombre", "unidad", "meta", "meses")))
    seen.show(rows)
    counts = best.counts
    seen.line(
        say(
            "{rows} filas, {operations} con meta o meses: {green} en verde, {red} en rojo, {warned} con aviso",
            rows=counts["filas"],
            operations=counts["operaciones"],
            green=counts["verde"],
            red=counts["rojo"],
            warned=counts["aviso"],
        )
    )
    for question in best.questions:
        seen.line(say("En duda: {question}", question=question.text), "yellow")
        if question.line:
            line = " ".join(question.line.split("\n"))
            seen.line(say("    en poa.toml: {line}", line=line), "yellow")
