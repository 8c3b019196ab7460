"""`meguri …` in a terminal: rules that anybody can try, and the worker."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text
from sqlalchemy.orm import Session

import worker
from base.settings import Settings
from ledger.errors import AccountFrozen
from tests.conftest import ROOT
from tests.faults.machine import until
from tests.town import Town, district
from web.logs import configure
from worker.due import address
from worker.rounds import Chore, Doings, do
from worker.watch import keep_watch
from wsgi import RULES, meguri

__all__ = ["district"]


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
    do(Chore("stumbles", 1, stumbles), session)
    told = json.loads(capsys.readouterr().err)
    assert (told["chore"], told["exception"][0]["kind"]) == ("stumbles", "AccountFrozen")
    seen: list[object] = []
    do(Chore("works", 1, lambda session, _now: seen.append(session.scalar(text("SELECT current_setting('meguri.chore', true)")))), session)
    assert len(seen) == 1 and not seen[0]


def test_the_watch_beside_the_chores(session: Session, settings: Settings, district: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the worker works, its chores are written down with their faults, and every district has its round of controls."""
    monkeypatch.setattr(worker.watch, "FIRST_ROUND_S", 0)
    doings, stop = Doings({"fold": 1, "stumbles": 1}), threading.Event()
    for _ in range(3):
        doings.note("stumbles", False)
    watch = threading.Thread(target=keep_watch, args=(settings, doings, stop))
    watch.start()
    until(lambda: rounds_of(session, district) is not None, "no round was made")
    stop.set()
    watch.join(10)
    failures = dict(session.execute(text("SELECT name, failures FROM worker_chore")).all())
    assert not watch.is_alive() and failures == {"fold": 0, "stumbles": 3}


def rounds_of(session: Session, district: Town) -> object:
    """When the district was measured last."""
    session.rollback()
    newest = text("SELECT max(measured_at) FROM control_reading WHERE district_id = :d")
    return session.execute(newest, {"d": district.district_id}).scalar_one()


def test_a_mail_leads_to_the_district_s_own_page(settings: Settings, district: Town) -> None:
    """At its own name, with the installation's port; at the installation's name where it is the only one."""
    local = replace(settings, public_url="http://localhost:8765")
    assert address(settings, district.host) == f"https://{district.host}"
    assert address(local, district.host) == f"http://{district.host}:8765"
    assert address(local, None) == "http://localhost:8765"


def test_the_worker_works_and_ends_when_asked(settings: Settings, tmp_path: Path) -> None:
    """systemd stops the worker with SIGTERM: it ends by itself, without a trace of trouble."""
    names = ("SECRET_KEY", "MASTER_KEY", "CODE_KEY", "SEAL_KEY")
    keys = {name: base64.b64encode(getattr(settings, name.lower())).decode() for name in names}
    environment = {f"MEGURI_{name}": key for name, key in keys.items()} | {
        "MEGURI_DATABASE_URL": settings.database_url,
        "MEGURI_PUBLIC_URL": "http://localhost:8765",
        "MEGURI_DEMO": "1",
        "MEGURI_COLUMNS_FOLDER": str(tmp_path / "columns"),
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
