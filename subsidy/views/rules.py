"""規則: every number that a page cites opens its sentence, its source and how certain it is; and the filter that makes numbers links."""

from __future__ import annotations

from flask import request, url_for
from markupsafe import Markup, escape

from subsidy import titles
from subsidy.rulebook import CERTAINTIES, CODE, RULEBOOK
from subsidy.rules.calls import Call, Source
from subsidy.views.frame import group_page, own_or_whole, pages, written
from web.i18n import _, translate


@pages.get("/group/<int:project_id>/rules")
def rules(project_id: int) -> str:
    """The rules that pages cite, with the values of the project's own version."""
    project = own_or_whole(project_id)
    values = {code: values_of(project.call, code) for code in RULEBOOK}
    return group_page("subsidy/rules.html", project, rulebook=RULEBOOK, certainties=CERTAINTIES, values=values)


def values_of(call: Call, code: str) -> list[tuple[str, str, Source]]:
    """What the call's table says under a rule: its name, the value as text, and its source."""
    return [(name, _named(call.value_of(name)), source) for name, source in call.sources.items() if source.rule == code]


def _named(value: object) -> str:
    """As `written`; kinds of bodies and frames by their names."""
    words = titles.REPRESENTATIVE_KINDS | titles.FRAMES
    if isinstance(value, tuple) and value and all(each in words for each in value):
        return str(_("・")).join(translate(words[each]) for each in value)
    return written(value)


@pages.app_template_filter("cited")
def cited(source: str) -> str:
    """Where a value is said, in the reader's language; what is quoted from there stays as it is written."""
    head, colon, quoted = source.partition(": ")
    return f"{translate(head)}{colon}{quoted}"


@pages.app_template_filter("ruled")
def ruled(text: object) -> Markup:
    """The text, each rule's number in it a link that says its sentence; on a page of no project it stays text."""
    said = escape(text)
    project_id = (request.view_args or {}).get("project_id")
    if project_id is None or not (request.endpoint or "").startswith("subsidy."):
        return said
    page = url_for("subsidy.rules", project_id=project_id)
    return Markup(CODE.sub(lambda found: _link(page, found[0]), str(said)))


def _link(page: str, code: str) -> str:
    rule = RULEBOOK.get(code)
    if rule is None:
        return code
    said = translate(rule.sentence)
    if rule.certainty == "assumed":
        said += _("（%(certainty)s）", certainty=translate(CERTAINTIES["assumed"][1]))
    return str(Markup('<a class="group-code" href="{}#{}" title="{}">{}</a>').format(page, code, said, code))
