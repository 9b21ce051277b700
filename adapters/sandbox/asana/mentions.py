"""A link that names only a gid is written back with the object's address, kind and name."""

from adapters.sandbox.asana.errors import bad
from adapters.sandbox.asana.richtext import NOTES_TAGS, Node, as_html, parsed, plain_text
from adapters.sandbox.asana.visit import Visit

KINDS = ("user", "task", "project", "tag")


def read_html(visit: Visit, html: object, name: str, tags: frozenset[str] = NOTES_TAGS) -> tuple[str, str]:
    """The normalised rich text and its plain text; raises 400 for what Asana would not take."""
    if not isinstance(html, str):
        raise bad(f"{name}: Value is not a string: {html}")
    body = parsed(html, name, tags)
    _expand(visit, body, name)
    return as_html(body), plain_text(body)


def _expand(visit: Visit, node: Node, name: str) -> None:
    gid = node.attributes.get("data-asana-gid")
    if node.tag == "a" and gid is not None and "href" not in node.attributes:
        _fill(visit, node, gid, name)
    for child in node.children:
        if isinstance(child, Node):
            _expand(visit, child, name)


def _fill(visit: Visit, node: Node, gid: str, name: str) -> None:
    kind = next((each for each in KINDS if visit.world.find(each, gid)), None)
    if kind is None:
        raise bad(f"{name}: XML is invalid: data-asana-gid {gid} names no object")
    label = getattr(visit.world.find(kind, gid), "name", "")
    keeps_text = node.attributes.get("data-asana-dynamic") == "false"
    node.attributes |= {
        "href": f"https://app.asana.com/0/{gid}/{gid}",
        "data-asana-accessible": "true",
        "data-asana-dynamic": "false" if keeps_text else "true",
        "data-asana-type": kind,
    }
    if not keeps_text:
        node.children = [f"@{label}" if kind == "user" else label]
