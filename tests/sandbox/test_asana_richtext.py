"""Rich text: what Asana takes, what it reads back, and the plain text beside it."""

from collections.abc import Iterator

import pytest

from tests.sandbox.asana_client import Client, running


@pytest.fixture(scope="module")
def served() -> Iterator[Client]:
    with running() as client:
        yield client


@pytest.fixture
def asana(served: Client) -> Client:
    return served.restart()


@pytest.fixture
def path(asana: Client) -> str:
    return f"/tasks/{asana.task('Brief')}"


@pytest.mark.parametrize(
    ("html", "notes"),
    [
        ("<body></body>", ""),
        ("<body>a &lt; b &amp; c</body>", "a < b & c"),
        ("<body><strong>bold</strong> and <em>slanted</em>\nnext</body>", "bold and slanted\nnext"),
        ('<body>see <a href="https://example.com/?a=1&amp;b=2">here</a></body>', "see https://example.com/?a=1&b=2"),
        ("<body>Points<ul><li>one</li><li>two</li></ul></body>", "Points\n    one\n    two\n"),
        ("<body><h1>Head</h1>text</body>", "Head\ntext"),
    ],
)
def test_notes_follow_from_html_notes(asana: Client, path: str, html: str, notes: str) -> None:
    asana.put(path, html_notes=html)
    assert asana.get(path, opt_fields="notes,html_notes").data == {
        "gid": path.removeprefix("/tasks/"),
        "notes": notes,
        "html_notes": html,
    }


def test_html_notes_follow_from_notes(asana: Client, path: str) -> None:
    asana.put(path, notes="1 < 2 & 中文\nline")
    got = asana.get(path, opt_fields="html_notes").data["html_notes"]
    assert got == "<body>1 &lt; 2 &amp; 中文\nline</body>"


@pytest.mark.parametrize(
    "html",
    [
        "no body",
        "<body>open",
        "<body>a & b</body>",
        "<body>a&nbsp;b</body>",
        "<body>a<br/>b</body>",
        "<body><p>a</p></body>",
        "<body><b>a</b></body>",
        "<body><h3>a</h3></body>",
        "<body><strong class='x'>a</strong></body>",
        "<body><a href='x' onclick='y'>a</a></body>",
        "<body><h1>a\nb</h1></body>",
        "<body><h1><ul><li>a</li></ul></h1></body>",
        "<body><li>a</li></body>",
        "<body><ul>text<strong>a</strong></ul></body>",
        "<body><a data-asana-gid='12'/></body>",
        "<!DOCTYPE body [<!ENTITY x 'y'>]><body>&x;</body>",
        "<body>a</body><body>b</body>",
        "",
        5,
    ],
)
def test_what_asana_would_not_take_is_a_400(asana: Client, path: str, html: object) -> None:
    before = asana.get(path).data
    assert asana.put(path, html_notes=html).status == 400
    assert asana.get(path).data == before


def test_both_forms_in_one_request_are_refused(asana: Client, path: str) -> None:
    assert asana.put(path, notes="a", html_notes="<body>a</body>").status == 400


def test_a_mention_is_read_back_with_address_kind_and_name(asana: Client, path: str) -> None:
    li_wei = asana.person("Li Wei")
    asana.put(path, html_notes=f'<body>ask <a data-asana-gid="{li_wei}"/></body>')
    html = asana.get(path, opt_fields="html_notes").data["html_notes"]
    assert f'href="https://app.asana.com/0/{li_wei}/{li_wei}"' in html
    assert 'data-asana-type="user"' in html
    assert ">@Li Wei</a></body>" in html
    assert asana.put(path, html_notes=html).data["notes"].startswith("ask https://")
