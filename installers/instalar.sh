#!/bin/sh
# Instala poa-xl en la carpeta personal, sin permisos de administrador. Uso: sh instalar.sh [oficina | quitar]
#   sin nada   lo que usa un planificador
#   oficina    también lo de la oficina regional: repartir, consolidar, historia
#   quitar     quita lo que instaló
# Si junto a este archivo hay una carpeta «ruedas», no hace falta internet.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
home=${POA_HOME:-$HOME/.local/share/poa-xl}
links=$HOME/.local/bin

fail() {
    printf '%s\n' "$*" >&2
    exit 2
}

# Con un entorno de Python activado, LibreOffice no puede arrancar el suyo.
unset VIRTUAL_ENV PYTHONHOME PYTHONPATH

case ${1:-} in
    "") extra="" ;;
    oficina) extra="[oficina]" ;;
    quitar)
        if [ -x "$home/venv/bin/python" ]; then
            # Lo que no está instalado no se puede quitar, y no importa.
            "$home/venv/bin/python" -m poa_xl addin uninstall --host calc || true
            "$home/venv/bin/python" -m poa_xl addin uninstall || true
        fi
        rm -rf "$home/venv" "$links/poa"
        echo "Se quitó poa-xl. Los libros y su historia siguen donde estaban."
        exit 0
        ;;
    *) fail "No se entiende «$1». Uso: sh instalar.sh [oficina | quitar]" ;;
esac

set -- "$here"/poa_xl-*.whl
if [ $# -ne 1 ] || [ ! -f "$1" ]; then
    fail "Junto a este archivo tiene que haber un solo poa_xl-….whl: descomprimir la carpeta completa y repetir."
fi
wheel=$1
if [ -f "$here/SHA256SUMS" ]; then
    if command -v sha256sum >/dev/null; then check="sha256sum"; else check="shasum -a 256"; fi
    (cd "$here" && $check -c SHA256SUMS >/dev/null) || fail "Un archivo está dañado o no es el publicado: descargar otra vez."
fi

python=""
for name in "${POA_PYTHON:-}" python3.14 python3.13 python3.12 python3.11 python3; do
    if [ -n "$name" ] && "$name" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$name
        break
    fi
done

echo "Instalando en $home …"
rm -rf "$home/venv.nuevo"
mkdir -p "$home" "$links"
if command -v uv >/dev/null; then
    uv venv --quiet --python "${python:-3.12}" "$home/venv.nuevo"
    set -- uv pip install --quiet --python "$home/venv.nuevo/bin/python"
elif [ -n "$python" ] && "$python" -c 'import ensurepip' 2>/dev/null; then
    "$python" -m venv "$home/venv.nuevo"
    set -- "$home/venv.nuevo/bin/python" -m pip install --quiet --disable-pip-version-check
else
    fail "Falta Python 3.11 o posterior con venv (en Debian y Ubuntu: el paquete python3-venv), o el programa uv."
fi
if [ -d "$here/ruedas" ]; then set -- "$@" --no-index --find-links "$here/ruedas"; fi
if [ -f "$here/versiones.txt" ]; then set -- "$@" --constraint "$here/versiones.txt"; fi
"$@" "$wheel$extra" || fail "No se pudo instalar; lo que había sigue igual. Sin internet hace falta la carpeta «ruedas»."

# Con lo que se instaló no se trabaja, y es un tercio de todo.
"$home/venv.nuevo/bin/python" -m pip uninstall --quiet --yes setuptools pip 2>/dev/null || true

# Solo uno completo ocupa el lugar del anterior. Los programas de adentro recuerdan otra carpeta, y no se usan.
rm -rf "$home/venv"
mv "$home/venv.nuevo" "$home/venv"
rm -f "$links/poa"
printf '#!/bin/sh\nexec "%s" -m poa_xl "$@"\n' "$home/venv/bin/python" >"$links/poa"
chmod +x "$links/poa"
poa=$links/poa

if "$poa" addin install --host calc; then :; else echo "Sin LibreOffice no hay menú POA en Calc; todo lo demás queda instalado."; fi
if [ "$(uname)" = Darwin ]; then "$poa" addin install || true; fi
"$poa" --version
case ":$PATH:" in
    *":$links:"*) echo "Listo: escribir poa en una terminal." ;;
    *) echo "Listo: escribir $links/poa en una terminal, o agregar $links al PATH." ;;
esac
