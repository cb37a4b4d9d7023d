"""Edits a workbook inside LibreOffice Calc, as a person would; run by the Python that LibreOffice's UNO is built for.

Arguments: the soffice.bin to start, its profile as an URL, the workbook, where to save it, the steps as JSON:
`["insert", sheet, row]`, `["set", sheet, cell, value]`.
"""

import json
import os
import pathlib
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def start(program, profile):
    pipe = f"poa{os.getpid()}"
    command = [
        program,
        "--headless",
        "--norestore",
        "--nologo",
        "--nodefault",
        f"-env:UserInstallation={profile}",
        f"--accept=pipe,name={pipe};urp;",
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    for _ in range(600):
        try:
            return process, resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if process.poll() is not None:  # a new profile ends once and asks to be started again
                process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(0.1)
    raise SystemExit("LibreOffice did not answer")


def prop(name, value):
    return PropertyValue(name, 0, value, 0)


def run(document, steps):
    for step, name, *rest in steps:
        sheet = document.Sheets.getByName(name)
        sheet.unprotect("")
        if step == "insert":
            sheet.Rows.insertByIndex(rest[0] - 1, 1)
        elif step == "set" and isinstance(rest[1], str):
            sheet.getCellRangeByName(rest[0]).String = rest[1]
        elif step == "set":
            sheet.getCellRangeByName(rest[0]).Value = rest[1]
    document.calculateAll()


def main():
    program, profile, source, target, steps = sys.argv[1:]
    process, context = start(program, profile)
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    try:
        url = pathlib.Path(source).as_uri()
        document = desktop.loadComponentFromURL(url, "_blank", 0, (prop("Hidden", value=True),))
        run(document, json.loads(steps))
        document.storeToURL(pathlib.Path(target).as_uri(), (prop("FilterName", "Calc MS Excel 2007 XML"),))
        document.close(True)  # noqa: FBT003 - UNO takes no names
    finally:
        desktop.terminate()
        process.wait(30)


main()
