"""What stands for its namesakes of `store` in a page, where Python has SQLite and no library: the same file."""
