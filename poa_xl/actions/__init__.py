"""Use cases: read, let the core work, write. What a button and a command have in common."""
