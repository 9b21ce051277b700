"""Who gets in: tokens for signed assertions, sharing, scopes, quotas, and the bodies of refusals."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from google.auth import crypt, jwt

from adapters.sandbox.google.tokens import JWT_BEARER
from tests.sandbox.google_client import Client, running

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "google" / "google-error-bodies"
SHEETS = "https://www.googleapis.com/auth/spreadsheets"


@pytest.fixture(scope="module")
def served() -> Iterator[Client]:
    with running() as client:
        yield client


@pytest.fixture
def google(served: Client) -> Client:
    return served.restart()


def recorded(name: str) -> Any:
    if not SAMPLES.is_dir():
        pytest.skip("the recorded error bodies are not beside the checkout")
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))


def account(google: Client) -> dict[str, str]:
    return google.service.service_account_info(google.sandbox.url)


def claims(google: Client, **changes: Any) -> dict[str, Any]:
    info = account(google)
    usual = {"iss": info["client_email"], "aud": info["token_uri"], "iat": 1_000, "exp": 4_600, "scope": SHEETS}
    return usual | changes


def ask(google: Client, payload: dict[str, Any], grant: str = JWT_BEARER) -> requests.Response:
    signer = crypt.RSASigner.from_service_account_info(account(google))
    form = {"grant_type": grant, "assertion": jwt.encode(signer, payload).decode()}
    return requests.post(account(google)["token_uri"], data=form, timeout=10)


def test_an_assertion_that_google_auth_signed_buys_a_token_that_reads(google: Client) -> None:
    token = ask(google, claims(google)).json()["access_token"]
    assert google.sheet("GET", token=token).ok()["properties"]["title"] == "Campaigns"


def test_a_token_answer_has_the_three_fields(google: Client) -> None:
    answer = ask(google, claims(google)).json()
    assert set(answer) == {"access_token", "expires_in", "token_type"}
    assert (answer["expires_in"], answer["token_type"]) == (3600, "Bearer")


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"iss": "stranger@example.com"}, "invalid_grant", "account not found"),
        ({"aud": "https://example.com/"}, "invalid_grant", "audience"),
        ({"exp": 100_000}, "invalid_grant", "short-lived token"),
        ({"scope": ""}, "invalid_scope", "scope"),
    ],
)
def test_a_bad_assertion_is_refused(google: Client, changes: dict[str, Any], error: str, words: str) -> None:
    reply = ask(google, claims(google, **changes))
    assert (reply.status_code, reply.json()["error"]) == (400, error)
    assert words in reply.json()["error_description"]


def test_a_forged_signature_and_another_grant_are_refused(google: Client) -> None:
    good = claims(google)
    signer = crypt.RSASigner.from_service_account_info(account(google))
    head, payload, _ = jwt.encode(signer, good).decode().split(".")
    form = {"grant_type": JWT_BEARER, "assertion": f"{head}.{payload}.AAAA"}
    reply = requests.post(account(google)["token_uri"], data=form, timeout=10)
    assert reply.json() == {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}
    assert ask(google, good, "password").json()["error"] == "unsupported_grant_type"


@pytest.mark.parametrize("token", ["", "wrong"])
def test_without_a_good_token_sheets_and_drive_answer_their_401(google: Client, token: str) -> None:
    got = google.sheet("GET", token=token)
    assert (got.status, got.body["error"]["status"]) == (401, "UNAUTHENTICATED")
    drive = google.send("GET", f"/drive/v3/files/{google.book}", token=token)
    assert drive.body["error"]["errors"][0]["reason"] == "authError"


def test_revoking_stops_tokens_and_the_token_endpoint(google: Client) -> None:
    google.service.revoke()
    assert google.sheet("GET").status == 401
    assert ask(google, claims(google)).status_code == 400
    google.service.restore()
    assert google.sheet("GET").status == 200


def test_a_read_only_scope_may_not_write(google: Client) -> None:
    token = ask(google, claims(google, scope=f"{SHEETS}.readonly")).json()["access_token"]
    assert google.sheet("GET", token=token).status == 200
    got = google.write("Tasks!A9", [["x"]], token=token)
    assert (got.status, got.message) == (403, "Request had insufficient authentication scopes.")


def test_unknown_is_404_and_not_shared_is_403(google: Client) -> None:
    google.service.files.create("Private", "somebody@example.com")
    private = list(google.service.files.books)[-1]
    assert google.send("GET", "/v4/spreadsheets/nope").body == recorded(
        "sheets-spreadsheets-get-nonexistent-sheet-id_404.json"
    )
    got = google.send("GET", f"/v4/spreadsheets/{private}")
    assert (got.status, got.message) == (403, "The caller does not have permission")
    assert google.send("GET", f"/drive/v3/files/{private}").status == 404


def test_recorded_refusals_are_answered_word_for_word(google: Client) -> None:
    mask = google.sheet("GET", fields="sheets.sheetProperties")
    assert mask.body == recorded("sheets-spreadsheets-get-bad-field-mask_400.json")
    area = google.sheet("GET", ranges="NOPE!A5:F15")
    assert area.body == recorded("sheets-spreadsheets-get-nonexistent-range_400.json")
    file = google.send("GET", "/drive/v3/files/NOPE_NOT_A_GOOD_ID")
    assert file.body == recorded("drive-files-get-nonexistent-file-id_404.json")


def test_the_sixty_first_read_of_a_minute_is_refused_and_writes_count_apart(google: Client) -> None:
    google.service.limits(1.0)
    google.sandbox.world.clock.set(google.sandbox.world.clock.now().replace(second=0))
    assert {google.read("Tasks!A1").status for _ in range(60)} == {200}
    refused = google.read("Tasks!A1")
    assert refused.status == 429
    assert refused.body == recorded("sheets-spreadsheets-get-quota-exceeded-readgroup_429.json")
    assert google.write("Tasks!A9", [["x"]]).status == 200
    google.sandbox.world.clock.advance(60)
    assert google.read("Tasks!A1").status == 200


def test_an_unknown_address_is_an_html_page(google: Client) -> None:
    got = google.send("GET", "/v4/nothing")
    assert got.status == 404
    assert "404" in got.body
    assert google.sheet("DELETE").status == 404
