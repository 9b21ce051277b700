"""Stage and done are one fact: whichever of them a person used, the other follows.

A task that is ticked moves to the first finished stage; one moved to a finished stage is done; a finished one that is
reopened returns to the last stage it had before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from syncer.core.model import Field, HubValue, Known
from syncer.core.observe import Sight
from syncer.core.policy import Policy

Hub = dict[Field, HubValue]


def settle_completion(
    known: Known, hub: Hub, held: frozenset[Field], sights: Mapping[str, Sight], policy: Policy
) -> tuple[Hub, str | None]:
    """The hub with stage and done in step, and the stage a reopened task would return to."""
    hub = _begin(known, hub, sights, policy)
    reopen = _open_stage(hub, policy) or known.reopen_stage
    if not held & {Field.STAGE, Field.DONE} and policy.stages.first_done() is not None:
        hub = _in_step(known, hub, policy)
    return hub, _open_stage(hub, policy) or reopen


def _open_stage(hub: Hub, policy: Policy) -> str | None:
    stage = hub.get(Field.STAGE)
    unfinished = stage and isinstance(stage.value, str) and not policy.stages.is_done(stage.value)
    return str(stage.value) if stage and unfinished else None


def _begin(known: Known, hub: Hub, sights: Mapping[str, Sight], policy: Policy) -> Hub:
    """A new task to which nobody gave a stage begins in the first one."""
    stage = hub.get(Field.STAGE)
    unmapped = any(Field.STAGE in sight.unreadable for sight in sights.values())
    first = policy.stages.first_open()
    if (stage and stage.value) or unmapped or first is None or known.links:
        return hub
    source = stage.source if stage else next(iter(sights), "")
    return {**hub, Field.STAGE: HubValue(first, source, stage.at if stage else None)}


def _in_step(known: Known, hub: Hub, policy: Policy) -> Hub:
    stage, done = hub.get(Field.STAGE), hub.get(Field.DONE)
    finished = stage is not None and policy.stages.is_done(str(stage.value))
    ticked = done is not None and done.value is True
    if finished == ticked or stage is None or not policy.stages.knows(str(stage.value)):
        return hub
    if not known.hub:  # being adopted: either of them says that it is done
        return _finish(hub, stage, done, policy)
    if done is not None and _moved(known, hub, Field.DONE):
        return _finish(hub, stage, done, policy) if ticked else _reopen(known, hub, done, policy)
    return {**hub, Field.DONE: replace(stage, value=finished)}


def _moved(known: Known, hub: Hub, of: Field) -> bool:
    before = known.hub.get(of)
    return before is None or before.value != hub[of].value


def _finish(hub: Hub, stage: HubValue, done: HubValue | None, policy: Policy) -> Hub:
    cause = done if done is not None and done.value is True else stage
    value = stage.value if policy.stages.is_done(str(stage.value)) else policy.stages.first_done()
    return {**hub, Field.DONE: replace(cause, value=True), Field.STAGE: replace(cause, value=value)}


def _reopen(known: Known, hub: Hub, done: HubValue, policy: Policy) -> Hub:
    target = known.reopen_stage if policy.stages.knows(known.reopen_stage) else policy.stages.first_open()
    return {**hub, Field.STAGE: replace(done, value=target)} if target else hub
