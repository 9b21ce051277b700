"""Where seed documents come from: a name is a file in the shipped seeds, anything else is a path."""

import json
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]
# A checkout keeps the seeds in config/; the wheel carries them inside the package.
_FOLDERS = (_ROOT / "config" / "seeds", _ROOT / "syncer" / "config" / "seeds")


class SeedFault(ValueError):
    """There is no such seed, or it is not one; the message says which."""


def names() -> list[str]:
    """The names of the shipped seeds."""
    return sorted({file.stem for folder in _FOLDERS for file in folder.glob("*.json")})


def document(seed: str) -> dict[str, Any]:
    """The seed document called `seed`, or in the file `seed`; raises SeedFault."""
    candidates = [Path(seed)] if _is_path(seed) else [folder / f"{seed}.json" for folder in _FOLDERS]
    for file in candidates:
        if file.is_file():
            return _parsed(file)
    raise SeedFault(f"There is no seed {seed!r}. Give a file, or one of: {', '.join(names()) or '(none)'}.")


def _is_path(seed: str) -> bool:
    return seed.endswith(".json") or Path(seed).name != seed


def _parsed(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SeedFault(f"The seed {file.name} is not JSON: {error}.") from error
    if not isinstance(content, dict):
        raise SeedFault(f"The seed {file.name} must be a JSON object.")
    return content
