"""Tables of the history. `migrations/` brings an older database here; change both together."""

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

# What a unit was sent. The workbook carries `id`, the hash of `content`; `approved` names the approved version of then;
# `texts` are the rows of the workbook that went out last, as one text each.
sent = Table(
    "sent",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("plan", Text, nullable=False),
    Column("year", Integer),
    Column("unit", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("sent_at", String(32), nullable=False),
    Column("file", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("approved", Text, nullable=False, server_default=""),
    Column("texts", LargeBinary),
)

# The workbooks that were written for it, by their bytes: whoever still has these has touched nothing.
copies = Table(
    "copies",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("sent", String(64), ForeignKey("sent.id", ondelete="CASCADE"), nullable=False),
)

# A step of a master: a consolidation, an approval, or whatever else can be undone. The master carries `id`; a run whose
# id no master ever carried did not happen.
runs = Table(
    "runs",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("parent", String(32)),
    Column("state", String(8), nullable=False),
    Column("started_at", String(32), nullable=False),
    Column("master", Text, nullable=False),
    Column("before", String(64)),
    Column("after", String(64), nullable=False),
    Column("backup", Text),
    Column("content", LargeBinary, nullable=False),
    Column("kind", String(16), nullable=False, server_default="sync"),
)

# A version of the plan that somebody approved; what it holds is the content of its run, `sha256` the hash of that.
versions = Table(
    "versions",
    metadata,
    Column("run", String(32), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("name", Text, nullable=False),
    Column("resolution", Text, nullable=False),
    Column("day", String(10), nullable=False),
    Column("author", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
)

# A file that a run read. `settled` is what it will be held against next time, where that is not what was sent.
inputs = Table(
    "inputs",
    metadata,
    Column("run", String(32), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("file", Text, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("base", String(64), nullable=False, index=True),
    Column("author", Text, nullable=False),
    Column("saved_at", String(32), nullable=False),
    Column("read", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("open", Integer, nullable=False),
    Column("sheet", Text, nullable=False),
    Column("passed", Integer, nullable=False),
    Column("unknown", Text, nullable=False),
    Column("places", Text, nullable=False),
    Column("settled", LargeBinary, nullable=False),
    Column("status", Text, nullable=False, server_default=""),
)

# What became of every change that a file brought.
changes = Table(
    "changes",
    metadata,
    Column("run", String(32), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("fate", Text, nullable=False),
    Column("code", Text, nullable=False, index=True),
    Column("line", Integer, nullable=False),
    Column("field", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("cell", Text, nullable=False),
    Column("reason", Text, nullable=False),
)
