"""A plan as a file: written by `plan --out`, read and possibly edited by nobody, accepted by `sync --apply`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from syncer.core.actions import Plan, digest
from syncer.core.errors import ConfigurationFault
from syncer.core.fields import encode
from syncer.report import CampaignReport, action_json

_KIND = "syncer plan"


def write_plan(file: Path, made_at: datetime, campaigns: Sequence[CampaignReport]) -> None:
    """Write the plans of a look. Raises ConfigurationFault where the file cannot be written."""
    document = {
        "kind": _KIND,
        "version": 1,
        "made_at": encode(made_at),
        "campaigns": {c.key: digest(Plan(c.key, c.planned)) for c in campaigns},
        "actions": [action_json(c.key, action) for c in campaigns for action in c.planned],
    }
    try:
        file.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise ConfigurationFault([f"--out {file}: it cannot be written ({error.strerror})."]) from error


def read_plan(file: Path) -> Mapping[str, str]:
    """Campaign → digest of its accepted plan. Raises ConfigurationFault for a file that is no plan."""
    try:
        document: Any = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationFault([f"--apply {file}: it cannot be read ({error.strerror})."]) from error
    except ValueError as error:
        raise ConfigurationFault([f"--apply {file}: this is not a plan; make one with `syncer plan --out`."]) from error
    digests = document.get("campaigns") if isinstance(document, dict) and document.get("kind") == _KIND else None
    if not isinstance(digests, dict) or not all(isinstance(value, str) for value in digests.values()):
        raise ConfigurationFault([f"--apply {file}: this is not a plan; make one with `syncer plan --out`."])
    return digests
