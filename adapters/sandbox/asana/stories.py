"""Comments and system stories of a task; only comments can be written, only one's own changed or deleted."""

from adapters.sandbox.asana.answers import Answer, Created, Done, One, by_gid
from adapters.sandbox.asana.ask import Ask
from adapters.sandbox.asana.errors import bad, refused
from adapters.sandbox.asana.journal import add_story, changed, deleted
from adapters.sandbox.asana.lookup import in_path
from adapters.sandbox.asana.mentions import read_html
from adapters.sandbox.asana.richtext import COMMENT_TAGS, from_plain
from adapters.sandbox.asana.values import Ref
from adapters.sandbox.asana.visit import Visit
from adapters.sandbox.asana.world import Story, Task


def list_stories(visit: Visit, ask: Ask) -> Answer:
    """GET /tasks/{task}/stories, oldest first."""
    task = in_path(visit, ask, Task)
    return by_gid("story", [story.gid for story in visit.world.stories_of(task.gid)])


def get_story(visit: Visit, ask: Ask) -> Answer:
    """GET /stories/{story}."""
    return One(Ref("story", in_path(visit, ask, Story).gid))


def create_story(visit: Visit, ask: Ask) -> Answer:
    """POST /tasks/{task}/stories: a comment by the caller, who follows the task from then on."""
    task = in_path(visit, ask, Task)
    if not (ask.data.has("text") or ask.data.has("html_text")):
        raise bad("text: Missing input")
    text, html = _words(visit, ask)
    story = add_story(visit, task, "comment", "comment_added", text, html)
    story.is_pinned = ask.data.has("is_pinned") and ask.data.flag("is_pinned")
    task.modified_at = visit.now
    if visit.caller not in task.followers:
        task.followers.append(visit.caller)
    return Created(Ref("story", story.gid))


def update_story(visit: Visit, ask: Ask) -> Answer:
    """PUT /stories/{story}: the text of one's own comment, and its pin."""
    story = in_path(visit, ask, Story)
    if ask.data.has("text") or ask.data.has("html_text"):
        _require_own(visit, story)
        story.text, story.html_text = _words(visit, ask)
        story.is_edited = True
        changed(visit, Ref("story", story.gid), "text")
    if ask.data.has("is_pinned"):
        story.is_pinned = ask.data.flag("is_pinned")
    return One(Ref("story", story.gid))


def delete_story(visit: Visit, ask: Ask) -> Answer:
    """DELETE /stories/{story}: one's own comment."""
    story = in_path(visit, ask, Story)
    _require_own(visit, story)
    deleted(visit, Ref("story", story.gid))
    visit.task_of(story).modified_at = visit.now
    del visit.world.stories[story.gid]
    return Done()


def _words(visit: Visit, ask: Ask) -> tuple[str, str]:
    if ask.data.has("text") and ask.data.has("html_text"):
        raise bad("You may only provide one of text or html_text!")
    if ask.data.has("html_text"):
        html, text = read_html(visit, ask.data.get("html_text"), "html_text", COMMENT_TAGS)
    else:
        text = ask.data.text("text")
        html = from_plain(text)
    if not text.strip():
        raise bad("text: Missing input")
    return text, html


def _require_own(visit: Visit, story: Story) -> None:
    if story.type != "comment" or story.created_by != visit.caller:
        raise refused(403, "You do not have access to this story.")
