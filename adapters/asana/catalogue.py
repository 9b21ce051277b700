"""Sections and tags go by name for people and by gid for Asana; a missing one is made, but only after a fresh look."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from adapters.asana.client import AsanaClient, Json
from mappings import asana


class Catalogue:
    """What a project and its workspace offer, remembered for the life of a replica and renewed where needed."""

    def __init__(self, client: AsanaClient, project: str) -> None:
        self._client = client
        self._gid = project
        self._project: Json | None = None
        self._me: str | None = None
        self._users: list[Json] | None = None
        self._sections: list[Json] | None = None
        self._tags: dict[str, str] | None = None

    def me(self) -> str:
        """The gid of the user the token belongs to."""
        if self._me is None:
            self._me = self._client.me()["gid"]
        return self._me

    def project(self) -> Json:
        """The project's name, state and workspace, as they were at the first success."""
        if self._project is None:
            self._project = self._client.project(self._gid)
        return self._project

    def users(self) -> Sequence[Json]:
        """Everybody a task can be assigned to."""
        if self._users is None:
            self._users = self._client.users(self._workspace())
        return self._users

    def renewed_sections(self) -> Sequence[Json]:
        """The project's sections as they are now."""
        self._sections = self._client.sections(self._gid)
        return self._sections

    def section(self, name: str) -> str:
        """The gid of a section, which is made if there is none of that name."""
        gid = asana.section_named(self._sections, name) if self._sections is not None else None
        gid = gid or asana.section_named(self.renewed_sections(), name)
        if gid is None:
            made = self._client.create_section(self._gid, name)
            gid = made["gid"]
            self._sections = [*(self._sections or ()), made]
        return gid

    def tags(self, names: Collection[str]) -> list[str]:
        """The gids of tags by name; those of which the workspace has none are made."""
        known: Mapping[str, str] = self._tags or {}
        if any(name not in known for name in names):
            known = self._renewed_tags()
        return [known.get(name) or self._made_tag(name) for name in names]

    def forget(self) -> None:
        """Something remembered was not there any more: look again next time."""
        self._project = self._sections = self._tags = None

    def _renewed_tags(self) -> Mapping[str, str]:
        """Gids by name. Names are not unique in Asana; the lowest gid, which is the oldest, counts."""
        rows = self._client.tags(self._workspace())
        newest_first = sorted(rows, key=lambda tag: (len(tag["gid"]), tag["gid"]), reverse=True)
        self._tags = {tag["name"]: tag["gid"] for tag in newest_first}
        return self._tags

    def _made_tag(self, name: str) -> str:
        gid = str(self._client.create_tag(self._workspace(), name)["gid"])
        self._tags = {**(self._tags or {}), name: gid}
        return gid

    def _workspace(self) -> str:
        workspace: Mapping[str, Any] = self.project()["workspace"]
        return str(workspace["gid"])
