Attribute VB_Name = "PoaCells"
Option Explicit

' What Python gives becomes what a cell shows: the names of errors become errors, so that SUM does not skip them.
Public Function PoaResult(ByVal given As Variant) As Variant
    Dim line As Long
    Dim place As Long
    If IsArray(given) Then
        For line = LBound(given, 1) To UBound(given, 1)
            For place = LBound(given, 2) To UBound(given, 2)
                given(line, place) = PoaCell(given(line, place))
            Next place
        Next line
        PoaResult = given
    Else
        PoaResult = PoaCell(given)
    End If
End Function

' What Excel refused and nobody needs: a line in the log that the button Diagnóstico opens, and on we go.
Public Sub PoaRefused(ByVal what As String)
    Dim number As Long
    Dim said As String
    If Err.Number = 0 Then Exit Sub
    said = Now & " Excel, " & what & ": " & Err.Description
    Err.Clear
    On Error Resume Next
    number = FreeFile
    Open PoaLog() For Append As #number
    Print #number, said
    Close #number
End Sub

Public Function PoaCell(ByVal given As Variant) As Variant
    PoaCell = given
    If VarType(given) = vbString Then
        If given = "#VALUE!" Then
            PoaCell = CVErr(xlErrValue)
        ElseIf given = "#N/A" Then
            PoaCell = CVErr(xlErrNA)
        End If
    End If
End Function
