Attribute VB_Name = "PoaRibbon"
Option Explicit

' The buttons of the tab POA: each one hands over to Python, in one line.

Public Sub PoaCalcularPresupuesto(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.calcular_presupuesto()"
End Sub

Public Sub PoaVerificarMetas(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.verificar_metas()"
End Sub

Public Sub PoaNuevaOperacion(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.nueva_operacion()"
End Sub

Public Sub PoaNuevaPartida(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.nueva_partida()"
End Sub

Public Sub PoaRepartirMeta(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.repartir_meta()"
End Sub

Public Sub PoaSemaforo(control As IRibbonControl, pressed As Boolean)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.semaforo()"
End Sub

Public Sub PoaQuitar(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.quitar()"
End Sub

Public Sub PoaReconocer(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.reconocer()"
End Sub

Public Sub PoaSoloRojos(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.solo_rojos()"
End Sub

Public Sub PoaAnterior(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.anterior()"
End Sub

Public Sub PoaSiguiente(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.siguiente()"
End Sub

Public Sub PoaLista(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.lista()"
End Sub

Public Sub PoaRegistrar(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.registrar()"
End Sub

Public Sub PoaEvaluar(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.evaluar()"
End Sub

Public Sub PoaCerrarTrimestre(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.cerrar_trimestre()"
End Sub

Public Sub PoaInforme(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.informe()"
End Sub

Public Sub PoaRepartir(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.repartir()"
End Sub

Public Sub PoaConsolidar(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.consolidar()"
End Sub

Public Sub PoaEstadoDeEnvios(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.estado_de_envios()"
End Sub

Public Sub PoaAprobar(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.aprobar()"
End Sub

Public Sub PoaModificaciones(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.modificaciones()"
End Sub

Public Sub PoaHistorial(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.historial()"
End Sub

Public Sub PoaDeshacer(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.deshacer()"
End Sub

Public Sub PoaGuia(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.guia()"
End Sub

Public Sub PoaDiagnostico(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.diagnostico()"
End Sub

Public Sub PoaAcercaDe(control As IRibbonControl)
    RunPython "import poa_xl.ribbon; poa_xl.ribbon.acerca_de()"
End Sub
