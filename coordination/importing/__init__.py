"""The door for files: spreadsheets of missions and posts become commands, all of them or none."""

from coordination.importing.run import ImportReport, RowFate, import_file

__all__ = ["ImportReport", "RowFate", "import_file"]
