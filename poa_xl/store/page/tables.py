"""The tables of a history as SQLite makes them, of the last version; a test compares them with `store/schema.py`."""

# The last of `store/migrations/versions`.
HEAD = "0005"
TABLES = """
CREATE TABLE runs (
    id VARCHAR(32) NOT NULL,
    number INTEGER NOT NULL,
    parent VARCHAR(32),
    state VARCHAR(8) NOT NULL,
    started_at VARCHAR(32) NOT NULL,
    master TEXT NOT NULL,
    "before" VARCHAR(64),
    "after" VARCHAR(64) NOT NULL,
    backup TEXT,
    content BLOB NOT NULL,
    kind VARCHAR(16) DEFAULT 'sync' NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (number)
);
CREATE TABLE sent (
    id VARCHAR(64) NOT NULL,
    "plan" TEXT NOT NULL,
    year INTEGER,
    unit TEXT NOT NULL,
    version INTEGER NOT NULL,
    sent_at VARCHAR(32) NOT NULL,
    file TEXT NOT NULL,
    content BLOB NOT NULL,
    approved TEXT DEFAULT '' NOT NULL,
    texts BLOB,
    PRIMARY KEY (id)
);
CREATE TABLE changes (
    run VARCHAR(32) NOT NULL,
    number INTEGER NOT NULL,
    fate TEXT NOT NULL,
    code TEXT NOT NULL,
    line INTEGER NOT NULL,
    field TEXT NOT NULL,
    "before" TEXT NOT NULL,
    "after" TEXT NOT NULL,
    unit TEXT NOT NULL,
    file TEXT NOT NULL,
    cell TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (run, number),
    FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE INDEX ix_changes_code ON changes (code);
CREATE TABLE copies (
    sha256 VARCHAR(64) NOT NULL,
    sent VARCHAR(64) NOT NULL,
    PRIMARY KEY (sha256),
    FOREIGN KEY(sent) REFERENCES sent (id) ON DELETE CASCADE
);
CREATE TABLE inputs (
    run VARCHAR(32) NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    file TEXT NOT NULL,
    unit TEXT NOT NULL,
    base VARCHAR(64) NOT NULL,
    author TEXT NOT NULL,
    saved_at VARCHAR(32) NOT NULL,
    read INTEGER NOT NULL,
    taken INTEGER NOT NULL,
    open INTEGER NOT NULL,
    sheet TEXT NOT NULL,
    passed INTEGER NOT NULL,
    unknown TEXT NOT NULL,
    places TEXT NOT NULL,
    settled BLOB NOT NULL,
    status TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (run, sha256, file),
    FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE INDEX ix_inputs_base ON inputs (base);
CREATE TABLE versions (
    run VARCHAR(32) NOT NULL,
    name TEXT NOT NULL,
    resolution TEXT NOT NULL,
    day VARCHAR(10) NOT NULL,
    author TEXT NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    PRIMARY KEY (run),
    FOREIGN KEY(run) REFERENCES runs (id) ON DELETE CASCADE
);
"""
