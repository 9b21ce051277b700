"""What the read-only web page shows of a project."""

from typing import Any

from adapters.sandbox.asana.world import Project, Section, Task, World


def first_project(world: World) -> dict[str, Any]:
    """The first project's sections and tasks, as facts and as the columns the page draws."""
    project = next(iter(world.projects.values()), None)
    if project is None:
        return {"name": world.workspace.name, "sections": [], "title": "Asana", "columns": []}
    sections = _sections(world, project)
    columns = [{"title": each["name"], "items": [_item(task) for task in each["tasks"]]} for each in sections]
    return {"name": project.name, "sections": sections, "title": f"Asana: {project.name}", "columns": columns}


def _sections(world: World, project: Project) -> list[dict[str, Any]]:
    return [_section(world, world.sections[gid]) for gid in project.sections.gids()]


def _section(world: World, section: Section) -> dict[str, Any]:
    return {"name": section.name, "tasks": [_task(world, world.tasks[gid]) for gid in section.tasks.gids()]}


def _task(world: World, task: Task) -> dict[str, Any]:
    return {
        "name": task.name,
        "assignee": world.users[task.assignee].name if task.assignee else None,
        "due": task.due_at or task.due_on,
        "completed": task.completed,
        "kind": task.resource_subtype,
        "subtasks": len(task.subtasks),
    }


def _item(task: dict[str, Any]) -> dict[str, str]:
    subtasks = f"{task['subtasks']} subtasks" if task["subtasks"] else None
    kind = task["kind"] if task["kind"] != "default_task" else None
    parts = ("done" if task["completed"] else None, kind, task["assignee"], task["due"], subtasks)
    return {"title": task["name"], "detail": ", ".join(part for part in parts if part)}
