"""Where the files of the project stand."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
WORKBOOKS = ROOT / "workbooks"
PRINTED = WORKBOOKS / "POA_GRO_2020.txt"
ALIASES = WORKBOOKS / "unidades.toml"
GOLDEN = ROOT / "tests" / "golden"
MASTER = WORKBOOKS / "POA_GRO_2020.xlsx"
