"""WHAT a thing is: periods, calendars, columns, tables, extracts, code lists, rules, thresholds."""
