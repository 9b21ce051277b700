"""Sections of a project: made, renamed, moved, and deleted only when empty and not the last."""

from adapters.sandbox.asana.answers import Answer, Created, Done, Many, One, Row
from adapters.sandbox.asana.ask import Ask
from adapters.sandbox.asana.errors import bad
from adapters.sandbox.asana.journal import added, changed, deleted
from adapters.sandbox.asana.lookup import in_body, in_path
from adapters.sandbox.asana.placement import Spot, read_spot, require_anchor
from adapters.sandbox.asana.values import Ref
from adapters.sandbox.asana.visit import Visit
from adapters.sandbox.asana.world import Project, Section


def list_sections(visit: Visit, ask: Ask) -> Answer:
    """GET /projects/{project}/sections, in board order."""
    ranks = in_path(visit, ask, Project).sections.ranks
    return Many([Row((rank,), Ref("section", gid)) for gid, rank in ranks.items()])


def get_section(visit: Visit, ask: Ask) -> Answer:
    """GET /sections/{section}."""
    return One(Ref("section", in_path(visit, ask, Section).gid))


def create_section(visit: Visit, ask: Ask) -> Answer:
    """POST /projects/{project}/sections: at the end unless positioned."""
    project = in_path(visit, ask, Project)
    ask.data.required("name")
    spot = read_spot(ask.data, default_start=False)
    require_anchor(spot, project.sections, "insert_before" if spot.before else "insert_after")
    return Created(Ref("section", new_section(visit, project, ask.data.text("name"), spot).gid))


def new_section(visit: Visit, project: Project, name: str, spot: Spot) -> Section:
    """A section of the project, placed."""
    section = Section(gid=visit.new_gid(), name=name, project=project.gid, created_at=visit.now)
    visit.world.sections[section.gid] = section
    spot.put(project.sections, section.gid)
    added(visit, Ref("section", section.gid), Ref("project", project.gid))
    return section


def update_section(visit: Visit, ask: Ask) -> Answer:
    """PUT /sections/{section}: only the name can change."""
    section = in_path(visit, ask, Section)
    if ask.data.has("name"):
        ask.data.required("name")
        name = ask.data.text("name")
        if name != section.name:
            section.name = name
            changed(visit, Ref("section", section.gid), "name")
    return One(Ref("section", section.gid))


def delete_section(visit: Visit, ask: Ask) -> Answer:
    """DELETE /sections/{section}."""
    section = in_path(visit, ask, Section)
    project = visit.world.projects[section.project]
    if len(section.tasks):
        raise bad("section: Cannot delete a section that contains tasks")
    if len(project.sections) == 1:
        raise bad("section: Cannot delete the last section of a project")
    deleted(visit, Ref("section", section.gid))
    project.sections.remove(section.gid)
    del visit.world.sections[section.gid]
    return Done()


def insert_section(visit: Visit, ask: Ask) -> Answer:
    """POST /projects/{project}/sections/insert: moves a section within its project."""
    project = in_path(visit, ask, Project)
    section = in_body(visit, Section, ask.data.required("section"), "section")
    spot = read_spot(ask.data, default_start=False, before="before_section", after="after_section")
    if spot.anchor is None:
        raise bad("You should specify one of before_section, after_section")
    if section.gid not in project.sections:
        raise bad(f"section: Unknown object: {section.gid}")
    require_anchor(spot, project.sections, "before_section" if spot.before else "after_section")
    spot.put(project.sections, section.gid)
    return Done()
