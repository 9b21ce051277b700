"""The Google part of the sandbox: Sheets, Drive and the token endpoint."""
