@echo off
rem Instala poa-xl en la carpeta personal, sin permisos de administrador. Uso: instalar.cmd [oficina | quitar]
rem   sin nada   lo que usa un planificador: tambien se puede hacer doble clic
rem   oficina    tambien lo de la oficina regional: repartir, consolidar, historia
rem   quitar     quita lo que instalo
rem Si junto a este archivo hay una carpeta "ruedas", no hace falta internet.
setlocal EnableExtensions DisableDelayedExpansion
set "here=%~dp0"
set "home=%USERPROFILE%\poa-xl"
set "links=%LOCALAPPDATA%\Microsoft\WindowsApps"
set "PYTHONHOME="
set "PYTHONPATH="
set "VIRTUAL_ENV="
set "extra="
if "%~1"=="" goto find
if /i "%~1"=="oficina" set "extra=[oficina]" & goto find
if /i "%~1"=="quitar" goto remove
echo No se entiende "%~1". Uso: instalar.cmd [oficina ^| quitar]
goto failed

:find
rem Desde aqui los archivos se llaman por su nombre solo: la carpeta puede tener cualquier letra.
pushd "%here%" || goto failed
set "wheel="
for %%f in (poa_xl-*.whl) do set "wheel=%%f"
if not defined wheel echo Junto a este archivo falta poa_xl-*.whl: descomprimir la carpeta completa y repetir.& goto failed
set "options="
if exist "ruedas\" set "options=--no-index --find-links ruedas"
if exist "versiones.txt" set "options=%options% --constraint versiones.txt"
set "python="
for %%p in ("py -3" "python") do call :try %%p
if defined python goto venv
where uv >nul 2>nul && goto uv
echo Falta Python 3.11 o posterior. Instalarlo de https://www.python.org con "Install Now", que no pide permisos
echo de administrador, y repetir. El de Microsoft Store no sirve para Excel: Windows esconde lo que escribe.
goto failed

:try
if defined python exit /b
rem Ni uno viejo, ni el de Microsoft Store.
%~1 -c "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11) or 'WindowsApps' in sys.base_prefix)" >nul 2>nul
if not errorlevel 1 set "python=%~1"
exit /b

:uv
echo Instalando...
if exist "%home%\nuevo\" rmdir /s /q "%home%\nuevo"
uv venv --quiet --python 3.12 "%home%\nuevo" || goto failed
uv pip install --quiet --python "%home%\nuevo\Scripts\python.exe" %options% ".\%wheel%%extra%" || goto failed
goto swap

:venv
echo Instalando...
%python% -m venv --clear "%home%\nuevo" || goto failed
"%home%\nuevo\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check %options% ".\%wheel%%extra%" || goto failed
rem Con lo que se instala no se trabaja, y es un tercio de todo.
"%home%\nuevo\Scripts\python.exe" -m pip uninstall --quiet --yes setuptools pip >nul 2>nul

:swap
rem Solo uno completo ocupa el lugar del anterior.
if exist "%home%\venv\" rmdir /s /q "%home%\venv"
if exist "%home%\venv\" echo Excel usa todavia la version anterior: cerrarlo y repetir.& goto failed
move "%home%\nuevo" "%home%\venv" >nul || goto failed
set "poa=%home%\venv\Scripts\python.exe"
"%poa%" -m poa_xl addin install || goto failed
rem Donde no hay LibreOffice, lo dice y sigue.
"%poa%" -m poa_xl addin install --host calc
if exist "%links%\" (
    >"%links%\poa.cmd" echo @"%%USERPROFILE%%\poa-xl\venv\Scripts\python.exe" -m poa_xl %%*
)
"%poa%" -m poa_xl addin status
echo Listo. Cerrar Excel y abrirlo otra vez: la cinta tiene una ficha POA. En una terminal: poa
if "%POA_CALLADO%"=="" pause
exit /b 0

:remove
set "poa=%home%\venv\Scripts\python.exe"
if exist "%poa%" "%poa%" -m poa_xl addin uninstall
if exist "%poa%" "%poa%" -m poa_xl addin uninstall --host calc
if exist "%home%\venv\" rmdir /s /q "%home%\venv"
if exist "%links%\poa.cmd" del "%links%\poa.cmd"
echo poa-xl fue quitado. Los libros y su historia siguen donde estaban.
exit /b 0

:failed
echo No se pudo instalar poa-xl.
if "%POA_CALLADO%"=="" pause
exit /b 2
