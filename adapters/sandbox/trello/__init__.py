"""An emulator of Trello's REST API, version 1, as far as boards of tasks need it."""
