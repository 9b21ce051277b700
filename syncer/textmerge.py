"""Line-by-line merge of long text, by the merge3 library."""

from __future__ import annotations

from merge3 import Merge3


def merge_lines(base: str, ours: str, theirs: str) -> str | None:
    """The text with both sides' changes, or None where the same lines were changed differently."""
    base_lines, our_lines, their_lines = (text.split("\n") for text in (base, ours, theirs))
    merged: list[str] = []
    for group in Merge3(base_lines, our_lines, their_lines).merge_groups():
        if group[0] == "conflict":
            return None
        merged.extend(group[1])
    return "\n".join(merged)
