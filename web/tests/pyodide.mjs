// Runs tests of the checkout in the Python of Pyodide.
// Usage: node web/tests/pyodide.mjs FOLDER_OF_LIBRARIES TEST...

import path from "node:path";
import { loadPyodide } from "pyodide";

const [libraries, ...tests] = process.argv.slice(2);
const top = path.resolve(import.meta.dirname, "../..");
const python = await loadPyodide();
for (const [from, to] of [[top, "/checkout"], [path.join(top, "web/python"), "/stand-ins"], [path.resolve(libraries), "/libraries"]]) {
  python.FS.mkdirTree(to);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: from }, to);
}
python.globals.set("tests", python.toPy(tests));
const code = python.runPython(`
import os, sys
sys.dont_write_bytecode = True
sys.path[:0] = ["/checkout", "/stand-ins", "/libraries"]
os.chdir("/checkout")
import hypothesis, pytest
hypothesis.settings.register_profile("page", deadline=None, max_examples=30, database=None, suppress_health_check=list(hypothesis.HealthCheck))
hypothesis.settings.load_profile("page")
# tests/conftest.py starts LibreOffice, which is not here and which these tests do not need.
int(pytest.main(["-q", "-p", "no:cacheprovider", "--noconftest", "--rootdir=/checkout", "--tb=short", "-W", "ignore::pytest.PytestAssertRewriteWarning", *tests]))
`);
process.exit(code);
