"""How things stand, from the state alone: what is pending, and whether all is quiet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from syncer.core.fields import encode
from syncer.core.model import ConflictState, Known, LinkState
from syncer.ports import Run, Store


def standing(store: Store, campaigns: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The JSON document of `status --json`. `campaigns`: key → replica name → service."""
    last = store.last_run()
    told = _told(last)
    parts = [_campaign(store, key, list(replicas), told.get(key, {})) for key, replicas in campaigns.items()]
    return {
        "idle": last is not None and all(_idle(part) for part in parts),
        "last_run": None if last is None else {"run": last.id, "at": encode(last.started_at), "exit": last.exit},
        "campaigns": parts,
    }


def _told(last: Run | None) -> dict[str, Any]:
    """Campaign → its part of the last report about it."""
    document = json.loads(last.report) if last and last.report else {"campaigns": []}
    return {part["key"]: part for part in (*document["campaigns"], *document.get("others", ()))}


def _campaign(store: Store, key: str, replicas: list[str], told: Mapping[str, Any]) -> dict[str, Any]:
    known = [task for task in store.known(key) if not task.dead]
    return {
        "key": key,
        "tasks": sum(not task.away for task in known),
        "complete": bool(told.get("complete")),
        "waiting": told.get("waiting", 0),
        "in_doubt": len(store.open_intents(key)),
        "conflicts": len(store.conflicts(key, ConflictState.OPEN)),
        "quarantined": told.get("quarantined", 0),
        "refused": told.get("refused", []),
        "pauses": [name for name, part in told.get("replicas", {}).items() if "failure" in part],
        "replicas": {name: _replica(store, key, name, known, told) for name in replicas},
    }


def _replica(store: Store, key: str, name: str, known: list[Known], told: Mapping[str, Any]) -> dict[str, Any]:
    reading = store.last_reading(key, name)
    return {
        "last_complete": encode(reading.at) if reading else None,
        "items": sum(name in task.links and task.links[name].state is LinkState.LIVE for task in known)
        if reading
        else None,
        "backlog": sum(pending(task, name) for task in known),
        "failure": told.get("replicas", {}).get(name, {}).get("failure"),
    }


def pending(task: Known, replica: str) -> bool:
    """Whether something the hub holds has not reached the replica yet."""
    link = task.links.get(replica)
    if link is None:
        return not task.away
    if link.state is LinkState.GONE:
        return not task.away
    if link.state is not LinkState.LIVE:
        return False
    return task.away or any(of in task.hub and agreed.hub != task.hub[of].value for of, agreed in link.agreed.items())


def _idle(part: Mapping[str, Any]) -> bool:
    quiet = part["complete"] and not part["waiting"] and not part["in_doubt"] and not part["refused"]
    return quiet and not any(replica["backlog"] for replica in part["replicas"].values())
