Attribute VB_Name = "PoaBridge"
Option Explicit

' The way from Excel to Python, over the DLL and the AppleScript that xlwings brings.
'
' The module of xlwings asks the workbook in front of the user, and files beside it, which program to start, and every
' cell of every workbook can call what is public in an add-in. Here only the sheet of the add-in answers, only lines
' of our own buttons are run, and what is public takes no text from a cell.
'
' Calls and command line are adapted from xlwings, which comes with these terms:
'
' BSD 3-clause. Copyright (C) 2014-present, Zoomer Analytics LLC. All rights reserved.
'
' Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
' following conditions are met:
'
' * Redistributions of source code must retain the above copyright notice, this list of conditions and the following
'   disclaimer.
' * Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the
'   following disclaimer in the documentation and/or other materials provided with the distribution.
' * Neither the name of the copyright holder nor the names of its contributors may be used to endorse or promote
'   products derived from this software without specific prior written permission.
'
' THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES,
' INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
' DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
' SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
' SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY,
' WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE
' OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.

' Python adds as many paths of workbooks, which we never give.
Private Const NO_WORKBOOK As String = "False;;;;;;"
Private Const HEAD As String = "import poa_xl.ribbon; poa_xl.ribbon."

#If Mac Then
#ElseIf Win64 Then
Private Const LIBRARY As String = "xlwings64-@XLWINGS@.dll"
Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings64-@XLWINGS@.dll" (ByRef Result As Variant, Optional ByVal Config As String = "", Optional ByVal mode As Long = 1) As Long
Private Declare PtrSafe Function LoadLibraryW Lib "kernel32" (ByVal path As LongPtr) As LongPtr
#Else
Private Const LIBRARY As String = "xlwings32-@XLWINGS@.dll"
Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings32-@XLWINGS@.dll" (ByRef Result As Variant, Optional ByVal Config As String = "", Optional ByVal mode As Long = 1) As Long
Private Declare PtrSafe Function LoadLibraryW Lib "kernel32" (ByVal path As LongPtr) As LongPtr
#End If

' Runs the line of a button; any other line does nothing. A Sub, so that no cell can call it.
Public Sub RunPython(ByVal code As String)
    If Not IsButton(code) Then Exit Sub
    If IsReady() Then
        #If Mac Then
        RunOnMac code
        #Else
        RunOnWindows code
        #End If
    End If
    PoaRefresh
End Sub

' Python as an object. A cell that calls it gets an error.
Public Function XLPy() As Object
    #If Mac Then
    #Else
    Static command As String
    Dim found As Variant
    If command = "" Then
        LoadDll
        command = StartCommand()
    End If
    If XLPyDLLActivateAuto(found, command, 1) <> 0 Then Err.Raise 1000, Description:=found
    Set XLPy = found
    #End If
End Function

Private Function IsButton(ByVal code As String) As Boolean
    Dim called As String
    If Left$(code, Len(HEAD)) <> HEAD Or Right$(code, 2) <> "()" Then Exit Function
    called = Mid$(code, Len(HEAD) + 1, Len(code) - Len(HEAD) - 2)
    IsButton = Len(called) > 0 And Not called Like "*[!a-z_]*"
End Function

' Whether there is a workbook to work on; if not, a sentence says what to do. Excel for Mac has no Protected View.
Private Function IsReady() As Boolean
    #If Mac Then
    #Else
    If Not Application.ActiveProtectedViewWindow Is Nothing Then
        MsgBox "El libro está en Vista protegida: pulsar Habilitar edición y repetir.", vbExclamation, "POA"
        Exit Function
    End If
    #End If
    If ActiveWorkbook Is Nothing Then
        MsgBox "No hay ningún libro abierto: abrir el libro del POA y repetir.", vbExclamation, "POA"
        Exit Function
    End If
    IsReady = True
End Function

Private Function Setting(ByVal key As String) As String
    Dim line As Long
    With ThisWorkbook.Worksheets("poa_xl.conf")
        For line = 1 To 50
            If .Cells(line, 1).Value = key Then
                Setting = .Cells(line, 2).Value
                Exit Function
            End If
        Next line
    End With
End Function

' Where a line goes about what Excel refused: the log of the buttons; on macOS Excel may write in its own folder only.
Public Function PoaLog() As String
    #If Mac Then
    PoaLog = Environ("HOME") & "/poa-xl.log"
    #Else
    PoaLog = Environ("LOCALAPPDATA") & "\poa-xl\poa-xl.log"
    #End If
End Function

#If Mac Then
Private Sub RunOnMac(ByVal code As String)
    Dim given As String
    given = NO_WORKBOOK & Setting("PYTHONPATH") & "|" & Setting("INTERPRETER_MAC") & "|" & code & "|" & LogFile() _
        & "|" & Left$(Application.Path, Len(Application.Path) - 4) & "|" & ActiveWorkbook.Name
    On Error Resume Next
    Kill LogFile()
    On Error GoTo Absent
    Application.StatusBar = "POA..."
    AppleScriptTask "poa_xl.applescript", "PoaRun", given
    Exit Sub
Absent:
    Application.StatusBar = False
    MsgBox "Falta el guion poa_xl.applescript. En una terminal: python3 -m poa_xl addin install", vbCritical, "POA"
End Sub

Private Function LogFile() As String
    LogFile = Environ("HOME") & "/poa_xl.log"
End Function

' Python calls this by its name when a button is done.
Private Sub CleanUp()
    Dim number As Long
    Dim said As String
    Dim line As String
    Application.StatusBar = False
    On Error GoTo Calm
    number = FreeFile
    Open LogFile() For Input As #number
    Do While Not EOF(number)
        Line Input #number, line
        said = said & line & vbLf
    Loop
    Close #number
    Kill LogFile()
    If said <> "" Then MsgBox said, vbCritical, "POA"
Calm:
    PoaRefresh
End Sub
#Else
Private Sub RunOnWindows(ByVal code As String)
    Dim python As Object
    On Error GoTo Failed
    Set python = XLPy()
    python.SetAttr python.Module("xlwings._xlwindows"), "BOOK_CALLER", ActiveWorkbook
    python.Exec code
    Exit Sub
Failed:
    MsgBox Err.Description, vbCritical, "POA"
End Sub

Private Sub LoadDll()
    Dim folder As Variant
    For Each folder In Split(Setting("DLL"), "|")
        If LoadLibraryW(StrPtr(folder & "\" & LIBRARY)) <> 0 Then Exit Sub
    Next folder
    Err.Raise 1000, Description:="No se encontró " & LIBRARY _
        & ". En una terminal: py -m poa_xl addin status"
End Sub

' By its full path: Windows would look for another cmd.exe beside the workbook. -P: so would Python for its modules.
Private Function StartCommand() As String
    Dim path As String
    path = Replace(Replace(Replace(Setting("PYTHONPATH"), "\", "\\"), "'", "\'"), "&", "^&")
    StartCommand = Environ("SystemRoot") & "\System32\cmd.exe /K """"" & Setting("INTERPRETER_WIN") _
        & """ -B -P -c ""import sys, os;import xlwings.utils;xlwings.utils.prepare_sys_path(\""" & NO_WORKBOOK & path _
        & "\"");import xlwings; xlwings.serve('$(CLSID)')"""""
End Function
#End If
