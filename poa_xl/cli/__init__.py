"""The command line: arguments in, text and an exit code out.

Exit codes: 0 clean, 1 findings (or conflicts), 2 could not, 3 a fault of ours. What a command alone needs is imported
inside it, and its own module when somebody asks for it: `poa check` must start fast.
"""

from poa_xl.cli.front import main

main.modules = {
    **dict.fromkeys(("import", "template", "check", "report", "diff", "export"), "poa_xl.cli.plan"),
    **dict.fromkeys(("update", "clean", "track"), "poa_xl.cli.editing"),
    "map": "poa_xl.cli.mapping",
    **dict.fromkeys(("split", "sync", "status", "history", "undo"), "poa_xl.cli.exchange"),
    **dict.fromkeys(("approve", "versions", "modifications"), "poa_xl.cli.versions"),
    "query": "poa_xl.cli.country",
    "addin": "poa_xl.cli.addin",
    "doctor": "poa_xl.cli.doctor",
}

__all__ = ["main"]
