"""Syncer keeps a marketing campaign the same in Trello, Asana and Google Sheets."""

__version__ = "0.1.0"
