"""Rich text: well-formed XML in `<body>`, only Asana's tags and attributes, and the plain text that follows from it."""

from dataclasses import dataclass, field
from typing import TypeAlias
from xml.parsers.expat import ExpatError, ParserCreate
from xml.sax.saxutils import escape, quoteattr

from adapters.sandbox.asana.errors import bad

INLINE = frozenset({"strong", "em", "u", "s", "code", "a"})
COMMENT_TAGS = INLINE | {"ol", "ul", "li", "blockquote", "pre"}
NOTES_TAGS = COMMENT_TAGS | {"h1", "h2", "hr"}
HEADERS = frozenset({"h1", "h2"})
LISTS = frozenset({"ol", "ul"})


@dataclass
class Node:
    """An element."""

    tag: str
    attributes: dict[str, str]
    children: list["Node | str"] = field(default_factory=list)


Child: TypeAlias = Node | str


def parsed(html: str, name: str, tags: frozenset[str]) -> Node:
    """The checked tree; raises 400 for broken XML, a foreign tag or attribute, or an element in the wrong place."""
    root = Node("", {})
    stack = [root]
    parser = ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: _open(stack, tag, attributes)
    parser.EndElementHandler = lambda _tag: stack.pop()
    parser.CharacterDataHandler = lambda text: stack[-1].children.append(text)
    parser.StartDoctypeDeclHandler = lambda *_: _refuse_doctype(name)
    try:
        parser.Parse(html.encode(), True)
    except ExpatError as error:
        raise bad(f"{name}: XML is invalid: {error}") from None
    body = root.children[0]
    if not isinstance(body, Node) or body.tag != "body" or body.attributes:
        raise bad(f"{name}: XML is invalid: the text must be wrapped in <body>")
    for child in body.children:
        _check(child, body, name, tags)
    return body


def plain_text(node: Child) -> str:
    """Tags dropped, a link as its address, each list item on an indented line (as recorded in 2021)."""
    if isinstance(node, str):
        return node
    if node.tag == "a" and "href" in node.attributes:
        return node.attributes["href"]
    inner = "".join(plain_text(child) for child in node.children)
    if node.tag == "li":
        return f"\n    {inner}"
    return f"{inner}\n" if node.tag in LISTS | HEADERS | {"hr"} else inner


def as_html(node: Child) -> str:
    """The normalised text."""
    if isinstance(node, str):
        return escape(node)
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in sorted(node.attributes.items()))
    if not node.children and node.tag != "body":
        return f"<{node.tag}{attributes}/>"
    inner = "".join(as_html(child) for child in node.children)
    return f"<{node.tag}{attributes}>{inner}</{node.tag}>"


def from_plain(text: str) -> str:
    """Rich text that says the same."""
    return f"<body>{escape(text)}</body>"


def _open(stack: list[Node], tag: str, attributes: dict[str, str]) -> None:
    node = Node(tag, attributes)
    stack[-1].children.append(node)
    stack.append(node)


def _refuse_doctype(name: str) -> None:
    raise bad(f"{name}: XML is invalid: no document type allowed")


def _check(child: Child, parent: Node, name: str, tags: frozenset[str]) -> None:
    if isinstance(child, str):
        if parent.tag in HEADERS and "\n" in child:
            raise bad(f"{name}: XML is invalid: <{parent.tag}> may not contain a newline")
        return
    if child.tag not in tags:
        raise bad(f"{name}: XML is invalid: unsupported tag <{child.tag}>")
    if not _may_hold(parent.tag, child.tag):
        raise bad(f"{name}: XML is invalid: <{child.tag}> is not allowed in <{parent.tag}>")
    for attribute in child.attributes:
        if child.tag != "a" or not (attribute == "href" or attribute.startswith("data-asana-")):
            raise bad(f"{name}: XML is invalid: attribute {attribute} is not allowed on <{child.tag}>")
    for below in child.children:
        _check(below, child, name, tags)


def _may_hold(parent: str, child: str) -> bool:
    if child == "li":
        return parent in LISTS
    if parent in HEADERS | INLINE | {"pre"}:
        return child in INLINE
    if parent in LISTS:
        return False
    return parent != "li" or child in INLINE | LISTS
