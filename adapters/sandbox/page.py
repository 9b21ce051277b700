"""The sandbox's page for people: what the board, the project and the sheets hold right now, to look at only.

A service shows itself by `page_model()`: {"title": str, "columns": [{"title", "items": [{"title", "detail"}]}],
"tables": [{"title", "rows": [[cell, ...], ...]}]}; either list may be left out. A service without it is only named.
"""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

from adapters.sandbox.wire import Reply, Service
from adapters.sandbox.world import World

_HTML = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Syncer sandbox</title>
<style>
  body { font: 15px/1.4 system-ui, sans-serif; margin: 1.5rem; color: #1a1d21; background: #fff; }
  .columns { display: flex; gap: 1rem; overflow-x: auto; align-items: flex-start; }
  .column { flex: 0 0 16rem; background: #f1f2f4; border-radius: 6px; padding: .5rem; }
  .column li { background: #fff; border-radius: 4px; margin: .4rem 0; padding: .4rem .5rem; list-style: none; }
  .column ul { padding: 0; margin: 0; }
  .detail { color: #4a5058; font-size: 13px; }
  .sheet { overflow-x: auto; }
  table { border-collapse: collapse; }
  td { border: 1px solid #c9ced6; padding: .2rem .5rem; white-space: pre-wrap; vertical-align: top; }
</style>
</head>
<body>
<h1>Syncer sandbox</h1>
<p>It is {{ now }} here. Reload the page to see what has changed.</p>
{% for view in views %}
<section aria-labelledby="service-{{ loop.index }}">
  <h2 id="service-{{ loop.index }}">{{ view.title }}</h2>
  {% if view.columns %}
  <div class="columns">
    {% for column in view.columns %}
    <div class="column"><h3>{{ column.title }}</h3>
      <ul>{% for item in column["items"] %}
        <li>{{ item.title }}{% if item.detail %}<div class="detail">{{ item.detail }}</div>{% endif %}</li>
      {% endfor %}</ul>
    </div>
    {% endfor %}
  </div>
  {% endif %}
  {% for table in view.tables %}
  <h3>{{ table.title }}</h3>
  <div class="sheet"><table>{% for row in table.rows %}
    <tr>{% for cell in row %}<td>{{ "" if cell is none else cell }}</td>{% endfor %}</tr>
  {% endfor %}</table></div>
  {% endfor %}
</section>
{% endfor %}
</body>
</html>
"""
_TEMPLATE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(_HTML)


def render(world: World) -> Reply:
    """The page as it is now."""
    with world.lock:
        views = [_view(service) for service in world.services.values()]
        now = world.clock.now().strftime("%Y-%m-%d %H:%M:%S UTC")
    html = _TEMPLATE.render(views=views, now=now)
    policy = ("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'")
    return Reply(200, html.encode(), (("content-type", "text/html; charset=utf-8"), policy))


def _view(service: Service) -> Mapping[str, Any]:
    model = getattr(service, "page_model", None)
    view = {"title": service.name.capitalize(), "columns": [], "tables": []}
    return view | model() if model else view
