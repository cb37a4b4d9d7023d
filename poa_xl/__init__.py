"""Keep an annual operating plan (POA) right while its planners stay in their spreadsheet."""

__version__ = "0.2.0"
