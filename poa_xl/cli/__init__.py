"""The command line: arguments in, text and an exit code out.

Exit codes: 0 clean, 1 findings (or conflicts), 2 could not, 3 a fault of ours. What a command alone needs is imported
inside it: `poa check` must start fast.
"""

from poa_xl.cli import addin, country, doctor, exchange, mapping, plan, versions
from poa_xl.cli.front import main

for _group in (plan, mapping, exchange, versions, country, addin, doctor):
    _group.add_to(main)

__all__ = ["main"]
