"""An emulator of Asana's REST API, strict where Asana is strict, for `syncer sandbox` and the tests."""
