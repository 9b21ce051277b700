"""A process with the command imported, from which each run is forked: as separate as a fresh start, but quick."""

from __future__ import annotations

import atexit
import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 120
"""Seconds after which a run is taken to hang."""


class Forker:
    """Runs `syncer` with arguments, in a folder, with an environment, to its end."""

    def __init__(self) -> None:
        command, pipe = [sys.executable, "-m", "tests.forking"], subprocess.PIPE
        self._server = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        atexit.register(self.close)

    def run(self, arguments: Sequence[str], folder: Path, env: Mapping[str, str]) -> tuple[int, str, str]:
        """Exit code, standard output and standard error."""
        out, err = folder / ".stdout", folder / ".stderr"
        order = {"argv": arguments, "cwd": str(folder), "env": dict(env), "out": str(out), "err": str(err)}
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(order) + "\n")
        self._server.stdin.flush()
        code = int(self._server.stdout.readline())
        assert code != -signal.SIGALRM, f"syncer {' '.join(arguments)} ran longer than {LONGEST} s"
        return code, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")

    def close(self) -> None:
        """End the process."""
        self._server.communicate()


@cache
def forker() -> Forker:
    """The one of this process."""
    return Forker()


def _serve() -> bool:
    """Fork for every order on standard input; returns True in each forked process, which is to be the command."""
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            _become(order)
            return True
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
    return False


def _become(order: Mapping[str, Any]) -> None:
    signal.alarm(LONGEST)
    for number, path in ((1, order["out"]), (2, order["err"])):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["cwd"])
    sys.argv = ["syncer", *order["argv"]]


if __name__ == "__main__":
    from syncer.cli.main import main

    gc.freeze()  # what is shared with this process is not searched, and so not copied, when a run ends
    if _serve():
        main()
