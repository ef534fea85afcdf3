"""Prints a workbook as JSON, as openpyxl reads it: by sheet the rows of [type, value], and what is frozen and filtered."""

import datetime
import json
import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1])
sheets = {}
for sheet in book.worksheets:
    rows = []
    for row in sheet.iter_rows():
        cells = []
        for cell in row:
            value = cell.value
            if isinstance(value, datetime.datetime):
                value = value.isoformat(sep=" ", timespec="seconds")
            cells.append([cell.data_type, value, cell.hyperlink is not None])
        rows.append(cells)
    sheets[sheet.title] = {"frozen": sheet.freeze_panes, "filter": sheet.auto_filter.ref, "rows": rows}
json.dump(sheets, sys.stdout)
