"""`meguri …` in a terminal: rules that anybody can try, and the worker."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
from datetime import datetime

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlalchemy.orm import Session

from base.settings import Settings
from ledger.errors import AccountFrozen
from tests.conftest import ROOT
from web.logs import configure
from wsgi import RULES, Chore, _do, meguri


def ask(*words: str, lines: str = "") -> Result:
    return CliRunner().invoke(meguri, words, input=lines.encode())


def test_the_rules_are_listed() -> None:
    """Without a name the auditor sees which rules there are."""
    assert ask("rules").output.split() == sorted(RULES)


def test_a_rule_answers_line_by_line_in_order() -> None:
    """A script pipes questions in and gets as many answers out."""
    questions = [
        {"id": "a", "first_issue": "2026-04-01", "last_day": "2026-09-30"},
        {"id": "b", "first_issue": "2026-04-01", "last_day": None},
    ]
    result = ask("rules", "deposit.exempt", lines="\n".join(map(json.dumps, questions)))
    assert result.exit_code == 0
    assert [json.loads(line) for line in result.output.splitlines()] == [
        {"id": "a", "answer": {"exempt": True}},
        {"id": "b", "answer": {"exempt": False}},
    ]


def test_a_line_that_is_no_question_gets_an_error_and_the_others_their_answer() -> None:
    """One broken line of a thousand costs one answer, and the exit status tells of it."""
    good = json.dumps({"id": "good", "first_issue": "2026-04-01", "last_day": None})
    result = ask("rules", "deposit.exempt", lines=f'no json\n[1]\n{{"id": "lacks"}}\n{good}\n')
    answers = [json.loads(line) for line in result.output.splitlines()]
    assert result.exit_code == 1
    assert [(answer["id"], answer.get("error", {}).get("code")) for answer in answers] == [
        (None, "bad_question"),
        (None, "bad_question"),
        ("lacks", "bad_question"),
        ("good", None),
    ]


def test_an_unknown_rule_is_named() -> None:
    """A typing mistake in the name is a mistake, not an empty answer."""
    result = ask("rules", "qr.prase")
    assert result.exit_code == 2
    assert "qr.prase" in result.output


def test_every_command_says_what_it_does() -> None:
    """`--help` is enough to find one's way."""
    queue = [(("meguri",), meguri)]
    for words, group in queue:
        for name, command in group.commands.items():
            assert command.help, " ".join((*words, name))
            if hasattr(command, "commands"):
                queue.append(((*words, name), command))


def test_a_chore_that_fails_leaves_the_others_alone(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    """What one chore does is undone and written down as a fault; the worker lives, and its next chore works."""

    def stumbles(session: Session, _now: datetime) -> None:
        session.execute(text("SELECT set_config('meguri.chore', 'half done', true)"))
        raise AccountFrozen

    configure()
    _do(Chore("stumbles", 1, stumbles), session)
    told = json.loads(capsys.readouterr().err)
    assert (told["chore"], told["exception"][0]["kind"]) == ("stumbles", "AccountFrozen")
    seen: list[object] = []
    _do(Chore("works", 1, lambda session, _now: seen.append(session.scalar(text("SELECT current_setting('meguri.chore', true)")))), session)
    assert len(seen) == 1 and not seen[0]


def test_the_worker_works_and_ends_when_asked(settings: Settings) -> None:
    """systemd stops the worker with SIGTERM: it ends by itself, without a trace of trouble."""
    names = ("SECRET_KEY", "MASTER_KEY", "CODE_KEY", "SEAL_KEY")
    keys = {name: base64.b64encode(getattr(settings, name.lower())).decode() for name in names}
    environment = {f"MEGURI_{name}": key for name, key in keys.items()} | {
        "MEGURI_DATABASE_URL": settings.database_url,
        "MEGURI_PUBLIC_URL": "http://localhost:8765",
        "MEGURI_DEMO": "1",
        "PATH": os.environ["PATH"],
    }
    command = [sys.executable, "-m", "wsgi", "worker"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        first = json.loads(process.stderr.readline())
        assert first["event"] == "working"
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert process.stderr.read() == ""
