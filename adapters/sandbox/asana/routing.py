"""Which handler a method and path mean; found before the token is looked at."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import unquote

from adapters.sandbox.asana.answers import Answer
from adapters.sandbox.asana.ask import Ask
from adapters.sandbox.asana.errors import no_route
from adapters.sandbox.asana.visit import Visit

Handler: TypeAlias = Callable[[Visit, Ask], Answer]


@dataclass(frozen=True)
class Route:
    """A method and a template such as `/tasks/{task}`."""

    method: str
    template: str
    handler: Handler

    def params(self, segments: list[str]) -> dict[str, str] | None:
        """The path parameters, percent-decoded; None when the path is another one."""
        parts = self.template.split("/")
        if len(parts) != len(segments):
            return None
        found = {}
        for part, segment in zip(parts, segments, strict=True):
            if part.startswith("{") and segment:
                found[part[1:-1]] = unquote(segment)
            elif part != segment:
                return None
        return found


class Router:
    """The table of all routes."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = tuple(routes)

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """The route and its parameters; raises 404 for an unknown path and for an unknown method alike."""
        segments = path.split("/")
        for route in self._routes:
            if route.method == method:
                params = route.params(segments)
                if params is not None:
                    return route, params
        raise no_route()
