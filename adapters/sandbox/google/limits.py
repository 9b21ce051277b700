"""The Sheets quotas: 60 a minute for each user, 300 for the project, reads and writes apart, refilled each minute."""

from datetime import datetime
from typing import Any

from adapters.sandbox.google.errors import ApiError

PER_USER = 60
PER_PROJECT = 300
PROJECT_NUMBER = "603366585132"


class Quotas:
    """Counts the requests of the present minute."""

    def __init__(self) -> None:
        self.scale: float | None = 1.0
        self.minute = -1
        self.counts: dict[tuple[str, str], int] = {}

    def take(self, kind: str, user: str, now: datetime) -> None:
        """Counts one `Read` or `Write` request; raises 429 when the minute's share is used up."""
        if self.scale is None:
            return
        minute = int(now.timestamp() // 60)
        if minute != self.minute:
            self.minute, self.counts = minute, {}
        limits = (((kind, user), PER_USER, "PerUser"), ((kind, ""), PER_PROJECT, "PerProject"))
        for key, limit, scope in limits:
            allowed = max(int(limit * self.scale), 1)
            if self.counts.get(key, 0) >= allowed:
                raise exceeded(kind, allowed, scope)
        for key, _, _ in limits:
            self.counts[key] = self.counts.get(key, 0) + 1


def exceeded(kind: str, value: int, scope: str) -> ApiError:
    """The 429 of a recorded answer; it carries no Retry-After."""
    per_user = scope == "PerUser"
    metric, limit = f"{kind} requests", f"{kind} requests per minute{' per user' if per_user else ''}"
    message = (
        f"Quota exceeded for quota metric '{metric}' and limit '{limit}' of service 'sheets.googleapis.com' "
        f"for consumer 'project_number:{PROJECT_NUMBER}'."
    )
    details = [_error_info(kind, value, scope), _help()]
    error = {"code": 429, "message": message, "status": "RESOURCE_EXHAUSTED", "details": details}
    return ApiError(429, {"error": error})


def _error_info(kind: str, value: int, scope: str) -> dict[str, Any]:
    metadata = {
        "quota_limit_value": str(value),
        "service": "sheets.googleapis.com",
        "consumer": f"projects/{PROJECT_NUMBER}",
        "quota_unit": "1/min/{project}" + ("/{user}" if scope == "PerUser" else ""),
        "quota_location": "global",
        "quota_metric": f"sheets.googleapis.com/{kind.lower()}_requests",
        "quota_limit": f"{kind}RequestsPerMinute{scope}",
    }
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": metadata,
    }


def _help() -> dict[str, Any]:
    link = {
        "description": "Request a higher quota limit.",
        "url": "https://cloud.google.com/docs/quotas/help/request_increase",
    }
    return {"@type": "type.googleapis.com/google.rpc.Help", "links": [link]}
