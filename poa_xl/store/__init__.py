"""The history of a master: what was sent, what came back, what changed; a small database beside the workbook."""
