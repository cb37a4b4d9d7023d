"""`py -m poa_xl`: the command line where `poa` is not on the path, as after an installation without rights."""

from poa_xl.cli import main

main(prog_name="poa")
