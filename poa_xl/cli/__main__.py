"""`python -m poa_xl.cli`: how buttons start the command line."""

from poa_xl.cli import main

main(prog_name="poa")
