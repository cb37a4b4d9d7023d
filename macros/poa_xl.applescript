-- Starts Python for Excel for macOS. Every text is quoted: the name of a workbook is a name, whatever it holds.
on PoaRun(given)
	set AppleScript's text item delimiters to "|"
	set parts to text items of given
	set pythonPath to item 1 of parts
	set python to item 2 of parts
	set code to item 3 of parts
	set logFile to item 4 of parts
	set excel to item 5 of parts
	set book to (items 6 thru -1 of parts) as text
	set AppleScript's text item delimiters to ""
	set start to "import sys, xlwings.utils; xlwings.utils.prepare_sys_path(sys.argv.pop()); " & code
	do shell script quoted form of python & " -B -P -u -W ignore -c " & quoted form of start & " " & quoted form of ("--wb=" & book) & " --from_xl=1 " & quoted form of ("--app=" & excel) & " " & quoted form of pythonPath & " > /dev/null 2> " & quoted form of logFile & " &"
end PoaRun
