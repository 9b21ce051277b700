"""What becomes of a task that is gone or put away somewhere: nothing, a restoration, or the deletion policy.

Absence counts only in a complete reading, after a look at the object by its id, and after the grace period. An edit
made elsewhere in the meantime wins over a deletion. Archiving finished work is tidying up and deletes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from syncer.core.actions import Action
from syncer.core.model import EffectKind, Field, Known, Link, LinkState, Notice
from syncer.core.observe import Sight, grace_over, with_missing
from syncer.core.policy import Policy
from syncer.core.projection import too_long
from syncer.core.reconcile import World


@dataclass(frozen=True)
class Scene:
    """How one task stands over all replicas."""

    live: Mapping[str, Sight] = field(default_factory=dict)
    archived: frozenset[str] = frozenset()
    """Replicas that show it put away."""
    gone: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    """Linked replicas that prove nothing in this pass."""
    closed: Mapping[str, Sight] = field(default_factory=dict)
    """What it shows where it was put away since the last pass."""


@dataclass
class Fate:
    """Whether the task lives on, and what follows if it does not."""

    known: Known
    lives: bool
    actions: list[Action] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    waiting: bool = False


def losses(known: Known, scene: Scene) -> frozenset[str]:
    """The replicas where the task was lost since the last pass."""
    lost = scene.archived | scene.gone
    return frozenset(r for r in lost if r in known.links and known.links[r].state is LinkState.LIVE)


def tidied(known: Known, scene: Scene, policy: Policy) -> bool:
    """Whether only finished work was put away, be it finished only just before."""
    done = known.hub.get(Field.DONE)
    finished = bool(done and done.value) or any(_finished(sight, policy) for sight in scene.closed.values())
    return finished and not scene.gone & losses(known, scene)


def _finished(sight: Sight, policy: Policy) -> bool:
    stage = sight.fields.get(Field.STAGE)
    return sight.fields.get(Field.DONE) is True or (isinstance(stage, str) and policy.stages.is_done(stage))


def edited(known: Known, scene: Scene, policy: Policy) -> frozenset[str]:
    """Where somebody edited the task, or took it out of the archive again."""
    return frozenset(
        replica
        for replica, sight in scene.live.items()
        if replica in known.links and _touched(known.links[replica], replica, sight, policy)
    )


def _touched(link: Link, replica: str, sight: Sight, policy: Policy) -> bool:
    return link.state in (LinkState.ARCHIVED, LinkState.GONE) or any(
        of in link.agreed and value != link.agreed[of].base and policy.reads(replica, of)
        for of, value in sight.fields.items()
    )


def _unheard(known: Known, lost: frozenset[str], world: World) -> frozenset[str]:
    """Where edits came from that had not reached the replica when the task was lost there."""
    return frozenset(
        hub.source
        for replica in lost
        for of, agreed in known.links[replica].agreed.items()
        if (hub := known.hub.get(of)) and agreed.hub != hub.value and hub.source != replica
        if world.policy.writes(replica, of) and not too_long(of, hub.value, world.caps[replica])
    )


def decide(known: Known, scene: Scene, world: World) -> Fate:
    """What becomes of a task that has links."""
    known, notices = _leave_scope(known, scene)
    lost = losses(known, scene)
    edits = edited(known, scene, world.policy)
    if known.away:
        fate = _revived(known, edits) if edits else _put_away(known, scene, world)
    elif lost and not tidied(known, scene, world.policy):
        fate = _lost(known, lost, edits | _unheard(known, lost, world), scene, world)
    else:
        fate = Fate(_marked(known, scene, lost), lives=not _nowhere(known, scene))
    fate.known = replace(fate.known, dead=_nowhere(fate.known, scene) and not fate.actions)
    fate.notices = notices + fate.notices
    return fate


def _leave_scope(known: Known, scene: Scene) -> tuple[Known, list[Notice]]:
    left = [r for r in scene.elsewhere if known.links[r].state is LinkState.LIVE]
    links = {r: replace(link, state=LinkState.UNLINKED) if r in left else link for r, link in known.links.items()}
    remedy = "it is no longer synchronised there; move it back to take it up again"
    return replace(known, links=links), [
        Notice(f'"{known.title}" in {r}', "it was moved elsewhere", remedy) for r in left
    ]


def _lost(known: Known, lost: frozenset[str], edits: frozenset[str], scene: Scene, world: World) -> Fate:
    if not all(grace_over(known.links[r], world.now, world.policy.delete_grace) for r in lost):
        links = {r: with_missing(link, world.now) if r in lost else link for r, link in known.links.items()}
        return Fate(replace(known, links=links), lives=False, waiting=True)
    if edits:
        return _revived(_marked(known, scene, lost), edits)
    if world.policy.delete in ("unlink", "flag"):
        return _let_go(known, lost, scene, world)
    return _put_away(replace(_marked(known, scene, lost), away=True), scene, world)


def _revived(known: Known, edits: frozenset[str]) -> Fate:
    notice = Notice(
        f'"{known.title}"',
        f"it was deleted, but also edited in {', '.join(sorted(edits))} since",
        "the edit wins: it is restored everywhere; delete it again if that was not meant",
    )
    return Fate(replace(known, away=False), lives=True, notices=[notice])


def _let_go(known: Known, lost: frozenset[str], scene: Scene, world: World) -> Fate:
    links = {r: replace(k, state=LinkState.UNLINKED) if r in lost else k for r, k in known.links.items()}
    fate = Fate(replace(known, links=links), lives=False)
    if world.policy.delete == "flag":
        fate.actions = [_farewell(known, r, EffectKind.FLAG, lost, scene) for r in sorted(scene.live)]
    return fate


def _put_away(known: Known, scene: Scene, world: World) -> Fate:
    """The replicas that still show the task follow, in this pass or when they can be read again."""
    kind = EffectKind.DELETE if world.policy.delete == "delete" else EffectKind.ARCHIVE
    where = frozenset(r for r, link in known.links.items() if link.state in (LinkState.ARCHIVED, LinkState.GONE))
    living = [r for r, link in known.links.items() if link.state is LinkState.LIVE]
    known = _marked(known, scene, losses(known, scene))
    actions = [_farewell(known, r, kind, where, scene) for r in sorted(living) if r in scene.live]
    return Fate(known, lives=False, actions=actions, waiting=any(r in scene.unknown for r in living))


def _marked(known: Known, scene: Scene, lost: frozenset[str]) -> Known:
    links = {}
    for replica, link in known.links.items():
        state = link.state
        if replica in lost:
            state = LinkState.GONE if replica in scene.gone else LinkState.ARCHIVED
        links[replica] = replace(link, state=state, missing_since=None)
    return replace(known, links=links)


def _nowhere(known: Known, scene: Scene) -> bool:
    """Gone from every replica; one that is only archived somewhere can still be taken out again by a person."""
    left = (LinkState.GONE, LinkState.UNLINKED)
    return not scene.live and all(link.state in left for link in known.links.values())


def _farewell(known: Known, replica: str, kind: EffectKind, where: frozenset[str], scene: Scene) -> Action:
    sight, places = scene.live[replica], ", ".join(sorted(where))
    return Action(
        replica,
        kind,
        known.item,
        known.title,
        sight.item.remote_id,
        f"deleted in {places}",
        text=f"Deleted in {places}" if kind is EffectKind.FLAG else "",
        place=sight.item.place,
        raw=sight.raw(sight.fields),
        link=known.links.get(replica),
    )
