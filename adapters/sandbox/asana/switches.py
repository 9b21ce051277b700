"""The points where Asana's own texts disagree or are silent; each is a switch with the more careful default."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Switches:
    """How the emulator decides what Asana does not document.

    `zone` is the time zone of the token's user: it gives `due_on` for a task that has a time.
    `moves_modify`: whether a new section, project or tag changes `modified_at` (two of Asana's texts disagree).
    `parent_drops_projects`: whether a create with `parent` silently drops `projects` and `memberships`.
    `due_clears_start`: whether clearing the due date also clears the start date.
    `same_day_start`: whether a task may start on its due date (refused in 2019).
    `parent_delete_cascades`: whether deleting a task deletes its subtasks.
    `event_lag` in seconds: how long a change takes to show in the events feed.
    """

    zone: str = "UTC"
    moves_modify: bool = False
    parent_drops_projects: bool = True
    due_clears_start: bool = True
    same_day_start: bool = False
    parent_delete_cascades: bool = True
    event_lag: float = 0.0
