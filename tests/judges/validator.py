"""The Open XML SDK as a judge: what the schemas of an Office version find in a file."""

import json
import subprocess
from functools import cache
from pathlib import Path

from tests.paths import ROOT


@cache
def _binary() -> str:
    done = subprocess.run(["bash", str(ROOT / ".ci" / "validator")], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def errors(path: Path, version: str) -> list[str]:
    """List the errors of a file for an Office version, such as `Office2016`."""
    done = subprocess.run([_binary(), str(path), version], capture_output=True, text=True, check=False, timeout=300)
    return [f"{each['path']} {each['xPath']}: {each['description']}" for each in json.loads(done.stdout)["errors"]]
