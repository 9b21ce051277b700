"""`python -m syncer` is the same as `syncer`."""

from syncer.cli.main import main

main()
