# The two commands of the README, and what keeps the repository in order.
# Each target sets up what it needs: a virtual environment in .venv, LibreOffice where tests need it.

BIN := .venv/bin
POA := $(BIN)/poa
DEMO := build/demo

# Node and npm where .ci/web had to bring them. Not for all: no program that the tests start shall find our Python first.
web test-web test-web-calc release: export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: fuzz demo test web test-web test-web-calc test-calc25 test-engines lint workbooks catalogue pictures bench release wheels test-pythons docs clean mutants

# The main job on the real plan of 2020. Something is left to resolve, and then `poa sync` ends with 1: no failure here.
demo: .venv/run
	@rm -rf $(DEMO)
	$(POA) import workbooks/POA_GRO_2020.txt -o $(DEMO)/POA_GRO_2020.xlsx --unidades workbooks/unidades.toml
	$(POA) split $(DEMO)/POA_GRO_2020.xlsx
	@# The units answer: two wrongly, one not at all, one against what the office changed meanwhile.
	@$(BIN)/python demo/respuestas.py $(DEMO)/POA_GRO_2020.xlsx $(DEMO)/enviados $(DEMO)/recibidos
	$(POA) sync --into $(DEMO)/POA_GRO_2020.xlsx -o $(DEMO)/POA_GRO_2020_consolidado.xlsx || [ $$? -eq 1 ]
	@# The year after it, on a copy: invented reports up to September, marked as such.
	@cp $(DEMO)/POA_GRO_2020.xlsx $(DEMO)/POA_GRO_2020_seguimiento.xlsx
	@$(POA) track --quiet $(DEMO)/POA_GRO_2020_seguimiento.xlsx --until SEP || [ $$? -eq 1 ]
	@$(BIN)/python demo/seguimiento.py $(DEMO)/POA_GRO_2020_seguimiento.xlsx
	$(POA) track --quiet $(DEMO)/POA_GRO_2020_seguimiento.xlsx --until SEP || [ $$? -eq 1 ]
	$(POA) report $(DEMO)/POA_GRO_2020_seguimiento.xlsx --until SEP -o $(DEMO)/informe.xlsx
	$(POA) report --quiet $(DEMO)/POA_GRO_2020_seguimiento.xlsx --until SEP -o $(DEMO)/informe.docx
	@cat demo/probar.txt

# Fails when the suite does, or when a line of core or sheet is not covered. PANE=pane has the tests of the pane run beside.
PANE :=
test: .venv/test
	bash .ci/office
	bash .ci/postgres
	bash .ci/test $(PANE)

# Damaged workbooks through every command, for so many seconds; what fails is kept in build/fuzz, a seed does it again.
SECONDS := 60
SEED := 1
fuzz: .venv/test
	$(BIN)/python -W ignore -m tests.fuzzing --seconds $(SECONDS) --seed $(SEED)

# Changes the code bit by bit, and names what no test notices. Hours for all of it: ONLY="poa_xl.core.blocks*" takes a part.
# It works on a copy of what is committed, in build/.
ONLY :=
mutants: .venv/test
	bash .ci/mutants $(if $(ONLY),"$(ONLY)")

# The tests in Calc once more, in the LibreOffice of Debian's backports, unpacked beside the installed one.
test-calc25: .venv/test
	bash .ci/office
	program=$$(bash .ci/office25) && PATH=$$program:$$PATH PYTHONPATH=$$program/../../python3/dist-packages \
		$(BIN)/python -m pytest tests/calc tests/books/test_contract.py

# Newer Pythons, as far as they can be had, and the one of LibreOffice 25.2 for what the extension carries.
test-pythons: .venv/test
	bash .ci/office
	bash .ci/pythons

# The live formulas once more, in the engine of ONLYOFFICE, which only this target installs.
test-engines: .venv/test
	$(BIN)/pip install --quiet document-builder==10.0.0.170
	$(BIN)/python -m pytest tests/calc/onlyoffice.py

# The static site of the pane, in build/web: `poa addin build --host web` adds manifests to it.
web: .venv/test
	bash .ci/web
	cd web && npx tsc --noEmit
	node web/build.mjs build/web

# The pane: our Python in Pyodide, every button over Microsoft's own client code, the page in Chromium.
test-web: .venv/test
	bash .ci/web browser
	cd web && npx tsc --noEmit
	$(BIN)/python -m pytest web/tests

# What every button of the pane wrote, computed by Calc and compared with what the same button writes there: all of it.
test-web-calc: .venv/test
	bash .ci/office
	bash .ci/web browser
	$(BIN)/python -m pytest web/tests/test_buttons.py -m "slow or not slow" -k comes_to_the_same

lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	# What the Calc extension carries runs in the Python of LibreOffice too.
	$(BIN)/mypy --python-version 3.10 udfs.py poa_xl/ribbon.py poa_xl/calc
	$(BIN)/lint-imports
	$(BIN)/shellcheck --severity=warning installers/*.sh .ci/apt .ci/installed .ci/mutants .ci/office .ci/office25 .ci/pythons .ci/release .ci/run .ci/setup .ci/test .ci/web .ci/wheels

# Rebuilds what stands in workbooks/; a test tells when that is due.
workbooks: .venv/run
	$(POA) template -o workbooks/plantilla_poa.xlsx --year 2021
	$(POA) import workbooks/POA_GRO_2020.txt -o workbooks/POA_GRO_2020.xlsx
	rm -rf workbooks/administraciones
	SOURCE_DATE_EPOCH=1577836800 $(POA) split workbooks/POA_GRO_2020.xlsx -o workbooks/administraciones --store build/workbooks.sqlite
	rm -rf workbooks/respaldos build/workbooks.sqlite

bench: .venv/test
	bash .ci/office
	for each in bench/*.py; do $(BIN)/python $$each || exit 1; done

# What people are handed: dist/ with wheel, extension, installers, checksums. RUEDAS=1 adds what Windows needs without a net.
release: .venv/test
	bash .ci/release $(if $(RUEDAS),ruedas)

# Resolves what is installed on Windows and macOS, so that a missing wheel is seen here.
wheels: .venv/test
	bash .ci/wheels

clean:
	rm -rf .venv build dist .*_cache .coverage .hypothesis

.venv/run: pyproject.toml constraints.txt .ci/setup
	bash .ci/setup
	@touch $@

.venv/test: .venv/run
	bash .ci/setup test lint bench
	@touch $@

# The pictures of the README and of the guide: as Calc renders the demo, and Calc's own window.
pictures: demo .venv/test
	bash .ci/office
	soffice --headless -env:UserInstallation=file://$(CURDIR)/build/office --convert-to pdf --outdir build/pictures $(DEMO)/POA_GRO_2020_consolidado.xlsx || true
	soffice --headless -env:UserInstallation=file://$(CURDIR)/build/office --convert-to pdf --outdir build/pictures $(DEMO)/POA_GRO_2020_consolidado.xlsx
	mkdir -p docs/img
	pdftoppm -png -r 120 -f 15 -l 15 -x 40 -y 50 -W 1450 -H 880 build/pictures/POA_GRO_2020_consolidado.pdf build/pictures/semaforo
	pdftoppm -png -r 110 -f 20 -l 20 -x 30 -y 40 -W 1380 -H 770 build/pictures/POA_GRO_2020_consolidado.pdf build/pictures/resumen
	mv build/pictures/semaforo-*.png docs/img/semaforo.png
	mv build/pictures/resumen-*.png docs/img/resumen.png
	for each in POA_GRO_2020_seguimiento.xlsx informe.docx; do \
		soffice --headless -env:UserInstallation=file://$(CURDIR)/build/office --convert-to pdf --outdir build/pictures $(DEMO)/$$each; done
	pdftoppm -png -r 110 -f 26 -l 26 -x 35 -y 45 -W 1360 -H 440 build/pictures/POA_GRO_2020_seguimiento.pdf build/pictures/escribir
	pdftoppm -png -r 110 -f 36 -l 36 -x 35 -y 45 -W 1360 -H 800 build/pictures/POA_GRO_2020_seguimiento.pdf build/pictures/estado
	pdftoppm -png -r 90 -f 2 -l 2 -x 50 -y 55 -W 690 -H 620 build/pictures/informe.pdf build/pictures/informe
	mv build/pictures/escribir-*.png docs/img/seguimiento.png
	mv build/pictures/estado-*.png docs/img/seguimiento-estado.png
	mv build/pictures/informe-*.png docs/img/informe.png
	dpkg -s libreoffice-l10n-es >/dev/null 2>&1 || bash .ci/apt libreoffice-l10n-es
	$(BIN)/python -m tests.pictures $(DEMO)/POA_GRO_2020.xlsx

# Writes the documents that are made from the code.
docs: .venv/test
	$(BIN)/python -m tests.documents

# Collects the messages of the sources and compiles the English catalogue.
catalogue: .venv/test
	mkdir -p build
	$(BIN)/pybabel -q extract -F .ci/babel.cfg -k say --no-location --sort-output -o build/poa_xl.pot .
	$(BIN)/pybabel -q update -i build/poa_xl.pot -d poa_xl/locale -D poa_xl -l en --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	$(BIN)/pybabel -q compile -d poa_xl/locale -D poa_xl
	$(BIN)/pybabel -q compile -d poa_xl/locale -D poa_xl_click
	$(BIN)/python -m tests.captions
