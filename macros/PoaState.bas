Attribute VB_Name = "PoaState"
Option Explicit

' Which buttons make sense in the workbook in front, and whether Semáforo is on. Excel asks when it draws the tab, and
' again when a button is done, or another workbook or sheet comes to the front. Nothing here starts Python.

' What the workbook of a unit has among its properties.
Private Const OF_A_UNIT As String = "poa-xl unidad"
Private Const OF_THE_OFFICE As String = "oficina"
' Enough to see whether ours are among them.
Private Const MOST As Long = 300
Private shown As IRibbonUI

Public Sub PoaLoaded(ByVal ribbon As IRibbonUI)
    Set shown = ribbon
End Sub

' What cannot be found out leaves a button as it is.
Public Sub PoaRefresh()
    On Error Resume Next
    If Not shown Is Nothing Then shown.Invalidate
End Sub

' Buttons of the regional office, and those that change what it locked, are grey in the workbook of a unit.
Public Sub PoaIsEnabled(control As IRibbonControl, ByRef answer As Variant)
    answer = True
    If control.Tag = OF_THE_OFFICE Then answer = Not IsOfAUnit()
End Sub

Public Sub PoaIsPainted(control As IRibbonControl, ByRef answer As Variant)
    Dim number As Long
    Dim found As Object
    answer = False
    On Error GoTo Unknown
    Set found = ActiveSheet.Cells.FormatConditions
    For number = 1 To found.Count
        If number > MOST Then Exit Sub
        If IsOurs(found.Item(number)) Then
            answer = True
            Exit Sub
        End If
    Next number
Unknown:
End Sub

Private Function IsOfAUnit() As Boolean
    Dim found As Object
    On Error GoTo Unknown
    If ActiveWorkbook Is Nothing Then Exit Function
    For Each found In ActiveWorkbook.CustomDocumentProperties
        If Trim$(found.Name) = OF_A_UNIT Then
            IsOfAUnit = True
            Exit Function
        End If
    Next found
Unknown:
End Function

' Ours ask a control column for a state: =$AD7="ROJO". Other kinds of format have no formula.
Private Function IsOurs(ByVal rule As Object) As Boolean
    Dim formula As String
    On Error GoTo Unknown
    formula = rule.Formula1
    IsOurs = formula Like "=$*#=""ROJO""" Or formula Like "=$*#=""VERDE""" Or formula Like "=$*#=""AVISO"""
Unknown:
End Function
