"""Excel on the web, on Mac and on Windows through Office.js: our Python runs in the task pane."""
