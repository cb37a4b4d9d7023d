"""A formula that says what would make the months meet their target; `core.targets` has more to say, and the same."""

from poa_xl.core.dates import MONTHS
from poa_xl.sheet.formulas.place import Place
from poa_xl.sheet.formulas.targets import KINDS


def remedy(place: Place) -> str:
    """What would mend the months; blank where they meet the target, or nobody can tell."""
    if not place.is_judged or not place.mark("meta-meses"):
        return ""
    what, gap, count, fits, target = (place.at(each) for each in ("kind", "difference", "count", "fits", "target"))
    is_stated = f"ISNUMBER(MATCH(TRIM({place.at('stated')}),{KINDS},0))"
    is_level = f'IF({is_stated},FALSE,AND({count}>1,ISNUMBER(FIND("Constante",{fits}))))'
    equal = "+".join(f"({cell}={gap})" for _, cell in place.months)
    lacks_one = f"AND({gap}<0,COUNT({place.run})={len(MONTHS) - 1})"
    summed = f'IF({equal}>0,"sobra un mes de "&{gap},"")'
    summed = f'IF({lacks_one},"poner "&-{gap}&" en el mes vacío: así se alcanza la Meta",{summed})'
    last = f'RIGHT(TRIM(SUBSTITUTE({place.at("programmed_months")},"."," ")),3)'
    ends_wrong = f'OR(AND({what}="Avance",{gap}<>0),AND({what}="Hito",{count}=1))'
    mended = (
        f'IF({is_level},"si cada mes se cumple la Meta entera, elegir Constante en Tipo de meta",'
        f'IF({what}="Acumulada",{summed},'
        f'IF({what}="Constante","poner "&{target}&" en cada mes programado, o cambiar la Meta",'
        f'IF({ends_wrong},"en "&{last}&" poner "&{target},""))))'
    )
    return f'IF({what}="","",IF(ISNUMBER(FIND({what},{fits})),"",{mended}))'
