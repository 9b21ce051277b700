"""Who is who: an explicit map between a person's name and the services' accounts; nothing is guessed.

A person in the map is known by their name everywhere. An account that nobody mapped stays readable as
`trello:username` or `asana:e-mail-or-gid`; a name in a sheet that nobody mapped stays the text it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """One person and their accounts; None where they have none."""

    name: str
    trello: str | None = None
    asana: str | None = None
    """E-mail or gid."""


class People:
    """Looks people up by name or account. Names compare as they are, accounts without regard to case."""

    def __init__(self, people: Iterable[Person] = ()) -> None:
        self._people = tuple(people)
        self._by_name = {person.name: person for person in self._people}
        self._by_account = {
            (service, account.casefold()): person.name
            for person in self._people
            for service, account in (("trello", person.trello), ("asana", person.asana))
            if account
        }

    def __iter__(self) -> Iterator[Person]:
        return iter(self._people)

    def name_of(self, service: str, *accounts: str | None) -> str:
        """The canonical name for an account, known by any of its spellings (e-mail, gid); the first one names it
        if nobody mapped it. Raises ValueError if no account is given."""
        given = [account for account in accounts if account]
        if not given:
            raise ValueError("an account is needed")
        for account in given:
            name = self._by_account.get((service, account.casefold()))
            if name:
                return name
        return f"{service}:{given[0]}"

    def account_of(self, service: str, name: str) -> str | None:
        """The account in a service for a canonical name, or None if the person has none there."""
        prefix = f"{service}:"
        if name.startswith(prefix):
            return name.removeprefix(prefix)
        person = self._by_name.get(name)
        if person is None:
            return None
        return person.trello if service == "trello" else person.asana if service == "asana" else None

    def knows(self, name: str) -> bool:
        """Whether the name is in the map."""
        return name in self._by_name
