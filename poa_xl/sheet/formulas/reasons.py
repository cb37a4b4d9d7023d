"""Formulas about the row as a whole: its code, its dates, its state, and why."""

from poa_xl.core.plan import Kind
from poa_xl.sheet.fields import CAPTIONS, TEXTS
from poa_xl.sheet.formulas.place import BLANKS, DOUBT, EMPTY, REMARK, SIGN, Place, in_turn, is_blank, is_day, tells
from poa_xl.sheet.formulas.targets import has_gaps


def key(place: Place) -> str:
    """The code behind a sign, without blanks and needless dots; the sign alone where there is none that counts."""
    if not place.has("code"):
        return ""
    if place.role.is_disputed or (place.is_line and not place.role.is_shared):
        return f'"{SIGN}"'
    if place.role.code:
        return _literal(SIGN + place.role.code)
    code = place.at("code")
    text = f"UPPER({code})"
    for blank in BLANKS:
        text = f'SUBSTITUTE({text},{blank},"")'
    text = f'"{SIGN}"&SUBSTITUTE(TRIM(SUBSTITUTE(SUBSTITUTE({text}," ",""),"."," "))," ",".")'
    # The group in which the row stands, where that matters, is a value beside it.
    stands = place.at("group")
    home = f'"{SIGN}"&IF({stands}="","",{stands}&".{SIGN}")'
    if place.role.is_parent:
        home = f'"{SIGN}{place.role.home}.{SIGN}"' if place.role.home else f'"{SIGN}"'
    is_read = f'IF(ISTEXT({code}),TRIM({code})<>"",FALSE)'
    if place.role.home and place.role.unread:
        is_read = f'IF(ISTEXT({code}),AND(TRIM({code})<>"",TRIM({code})<>{_literal(place.role.unread)}),FALSE)'
    return in_turn(f"IF({is_read},{text},{home})")


def _literal(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def why_dates(place: Place) -> str:
    """Why the dates are red; as remarks, which one is missing or no date to compute with."""
    if not place.has_dates:
        return ""
    start, end, year = place.at("start"), place.at("end"), place.sheet.year
    clauses = []
    for name, day in (("start", start), ("end", end)):
        caption = CAPTIONS[name]
        missing = f'"{REMARK}Falta {caption}"' if place.is_operation else '""'
        other = is_outside(place, day)
        late = f'"{caption} está fuera de la gestión {year}"' if year else f'"{caption} no es una fecha"'
        read = place.when("fecha-gestion", other, late)
        text = f'IF(ISBLANK({day}),{missing},IF(ISTEXT({day}),"{DOUBT}{caption} es un texto",{read}))'
        clauses.append(place.when("celda-error", f"ISERROR({day})", f'"{caption} tiene un error"', text))
    turned = f'"{CAPTIONS["end"]} es antes de {CAPTIONS["start"]}"'
    clauses.append(place.when("fecha-orden", is_turned(place), turned))
    return "&".join(clauses)


def is_outside(place: Place, day: str) -> str:
    """Condition: a cell that is not blank holds no day of the year planned."""
    year = place.sheet.year
    return f"IF({is_day(day)},YEAR({day})<>{year},TRUE)" if year else f"NOT({is_day(day)})"


def is_turned(place: Place) -> str:
    """Condition: the end comes before the start."""
    start, end = place.at("start"), place.at("end")
    return f"IF(COUNT({start},{end})=2,{end}<{start},FALSE)"


def why_row(place: Place) -> str:
    """Why dates, owner and texts are red."""
    texts = [(CAPTIONS[name].partition(",")[0], place.at(name)) for name in ("id", *TEXTS) if place.has(name)]
    joined = "&".join(cell for _, cell in texts)
    named = "&".join(f'IF(ISERROR({cell})," {caption}","")' for caption, cell in texts)
    clauses = [place.when("celda-error", f"ISERROR({joined})", f'"tiene un error:"&{named}')] if texts else []
    if place.is_operation and place.has("owner"):
        missing = is_blank(place.at("owner"))
        clauses.append(place.when("responsable-ausente", missing, f'"falta el {CAPTIONS["owner"]}"'))
    return "&".join(clause for clause in (why_dates(place), *clauses) if clause not in ("", EMPTY))


def why_code(place: Place) -> str:
    """Why the code is red."""
    if not place.has("code") or place.is_line or place.role.is_disputed:
        return ""
    code, own, keys = place.at("code"), place.at("key"), place.whole("key")
    dots = f'(LEN({own})-LEN(SUBSTITUTE({own},".","")))'
    parent = f'LEFT({own},FIND("|",SUBSTITUTE({own},".","|",{dots}))-1)'
    # Counted, not looked up: Calc 7.4 finds nothing by MATCH among cells that are still to be computed.
    column = place.sheet.columns["key"]
    above = f"{column}${place.sheet.first - 1}:{column}{place.row}"
    codes = f"{place.sheet.columns['code']}$1:{place.sheet.columns['code']}{place.row - 1}"
    # What is typed is found; another spelling, or what a formula still has to compute, is only counted.
    first = f'IFERROR("la fila "&MATCH({code},{codes},0),"otra fila")'
    repeated = f'"el código ya está en "&{first}&" → dar otro código a una de las dos"'
    twice = place.when("codigo-duplicado", f"COUNTIF({above},{own})>1", repeated)
    is_orphan = f"IF({dots}<{place.sheet.top},FALSE,COUNTIF({keys},{parent})=0)"
    absent = f'"falta la fila "&MID({parent},2,99)&" → agregarla encima, o corregir el código"'
    orphan = place.when("codigo-sin-superior", is_orphan, absent)
    none = '"falta el código → escribirlo, o quitar la fila del plan"'
    missing = place.when("codigo-ausente", f'TRIM({code})=""', none, f"{twice}&{orphan}")
    number = '"el código es un número → dar a la celda formato de texto y escribirlo otra vez"'
    read = place.when("codigo-numerico", f"ISNUMBER({code})", number, missing)
    return in_turn(place.when("celda-error", f"ISERROR({code})", f'"{CAPTIONS["code"]} tiene un error"', read))


def state(place: Place) -> str:
    """The worst of all."""
    names = [name for name in ("target_state", "budget_state") if _has(place, name)]
    whys = [name for name in ("why_row", "why_code") if _has(place, name)]
    states = [place.at(name) for name in names]

    def any_is(word: str, *more: str) -> str:
        return "OR(" + ",".join([*(f'{each}="{word}"' for each in states), *more]) + ")"

    red = any_is("ROJO", *(tells(place.at(name)) for name in whys), place.saw("fila", "ROJO"))
    warned = any_is("AVISO", *(tells(place.at(name), DOUBT) for name in whys), place.saw("fila", "AVISO"))
    good = '""' if place.is_line else '"VERDE"'
    if place.role.kind is Kind.GROUP and place.has("budget"):
        # A group in which nothing costs anything has nothing to be right about.
        budget, computed = place.at("budget"), place.at("computed")
        good = f'IF(AND(ISBLANK({budget}),SUM({computed})=0),"",{good})'
    broken = [f"ISERROR({'&'.join(map(place.at, whys))})"] if whys else ["FALSE"]
    failed = any_is("ERROR", *broken)
    formula = f'IFERROR(IF({failed},"ERROR",IF({red},"ROJO",IF({warned},"AVISO",{good}))),"ERROR")'
    return f'IF({place.is_empty},"",{formula})' if place.is_operation else formula


def reason(place: Place) -> str:
    """Why, one sentence for each thing."""
    clauses = [place.at(name) for name in ("why_target", "why_row", "why_code", "why_budget") if _has(place, name)]
    if place.is_judged:
        mended = place.at("remedy")
        clauses.insert(1, f'IF({mended}="",""," → "&{mended})')
        gaps = "&".join(f'IF(ISBLANK({cell})," {month}","")' for month, cell in place.months)
        text = f'"meses sin valor:"&{gaps}'
        clauses.append(place.when("meta-mes-vacio", has_gaps(place), text))
    seen = place.at("seen")
    clauses.append(f'IF({seen}="","",". "&MID({seen},FIND("|",{seen})+1,32767))')
    clauses.append(_praise(place))
    failed = '"No se pudo calcular."'
    said = f"""IFERROR(MID({"&".join(filter(None, clauses))},3,32767)&".",{failed})"""
    # Rows in no state have no reason.
    return f'IF({place.at("state")}="","",{said})'


def _praise(place: Place) -> str:
    """What is right, of a row without fault."""
    if place.is_line:
        return ""
    good = '". El presupuesto es la suma de sus filas"'
    if place.is_operation and not place.is_judged:
        good = '". Sin observaciones"'
        return f'IF({place.at("state")}="VERDE",{good},"")'
    if place.is_operation:
        what, gap = place.at("kind"), place.at("difference")
        fit = f'". "&{what}&": los meses cuadran con la Meta"&IF({gap}=0,""," salvo redondeo de "&ROUND(ABS({gap}),4))'
        good = f'IF({what}="",". Sin Meta ni meses",{fit})'
    return f'IF({place.at("state")}="VERDE",{good},"")'


def _has(place: Place, name: str) -> bool:
    """Whether a row of this kind has something in a column of states or reasons."""
    if name in ("target_state", "why_target"):
        return place.is_judged
    if name in ("budget_state", "why_budget"):
        return place.has("budget")
    return bool(why_code(place) if name == "why_code" else why_row(place))
