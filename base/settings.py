"""Configuration from environment variables, checked once at the start. docs/operations/configuration.md lists it."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from base.errors import MeguriError

HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?")

LOOPBACK = re.compile(r"tcp://127\.0\.0\.1:[0-9]{1,5}")

PUSH_SERVICES = "fcm.googleapis.com,updates.push.services.mozilla.com,.push.apple.com,.notify.windows.com"
"""Of the common browsers; what the demo allows, and what an operator may copy."""


class SettingsWrong(MeguriError):
    """The product cannot start like this. `problems`: one sentence a variable, for the operator."""

    code = "settings_wrong"
    number = "E-0001"
    text = "The settings are wrong: %(problems)s"

    def __str__(self) -> str:
        return self.text % self.facts


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator decides. Addresses are URLs, keys are bytes."""

    database_url: str  # MEGURI_DATABASE_URL: the web's role; postgresql://…
    secret_key: bytes  # MEGURI_SECRET_KEY: signs forms, ≥ 32 bytes, base64
    master_key: bytes  # MEGURI_MASTER_KEY: wraps the keys of personal data, exactly 32 bytes, base64
    code_key: bytes  # MEGURI_CODE_KEY: signs QR tokens, exactly 32 bytes, base64
    public_url: str  # MEGURI_PUBLIC_URL: https://host[:port], what codes point to
    previous_code_key: bytes | None = None  # MEGURI_PREVIOUS_CODE_KEY: still read, never written
    seal_key: bytes | None = None  # MEGURI_SEAL_KEY: signs the sealed log, exactly 32 bytes, base64; the worker's alone
    previous_seal_key: bytes | None = None  # MEGURI_PREVIOUS_SEAL_KEY: says that the new one follows it
    demo: bool = False  # MEGURI_DEMO=1: invented town, mailbox on a page, /demo
    smtp_url: str | None = None  # MEGURI_SMTP_URL: smtp[s]://user:password@host:port
    mail_from: str | None = None  # MEGURI_MAIL_FROM
    listen_url: str | None = None  # MEGURI_LISTEN_URL: for LISTEN, direct, where database_url goes through a pooler
    pool_size: int = 3  # MEGURI_POOL_SIZE: database connections a process, and so how many requests work at once in it
    streams_max: int = 400  # MEGURI_STREAMS_MAX: open live streams a process
    webhook_hosts: frozenset[str] = frozenset()  # MEGURI_WEBHOOK_HOSTS: host or host:port, to which webhooks may go; empty: to none
    webhook_private_hosts: frozenset[str] = frozenset()  # MEGURI_WEBHOOK_PRIVATE_HOSTS: those of them that may stand in a private network
    printers: tuple[str, ...] = ()  # MEGURI_PRINTERS: address:port in figures, to which the worker may print; empty: to none
    push_hosts: frozenset[str] = frozenset()  # MEGURI_PUSH_HOSTS: push services, `.example.com` for all below it; empty: no push
    columns_folder: Path | None = None  # MEGURI_COLUMNS_FOLDER: where the book is kept as columns, for insight; None: it is not
    analytics_scheduler: str | None = None  # MEGURI_ANALYTICS_SCHEDULER: tcp://127.0.0.1:port of Dask's scheduler; None: counted here
    proxies: int = 0  # MEGURI_PROXIES: reverse proxies in front, each adding to X-Forwarded-For; 0: nobody's header counts

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")


def _key(environ: Mapping[str, str], name: str, problems: list[str], *, exact: bool = True) -> bytes:
    text = environ.get(name, "")
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if len(value) < 32 or (exact and len(value) != 32):
        problems.append(f"{name} must be {'exactly' if exact else 'at least'} 32 bytes in base64")
    return value


def _optional_key(environ: Mapping[str, str], name: str, problems: list[str]) -> bytes | None:
    return _key(environ, name, problems) if name in environ else None


def _number(environ: Mapping[str, str], name: str, default: int, problems: list[str], *, least: int = 1) -> int:
    text = environ.get(name, str(default))
    if not text.isascii() or not text.isdigit() or int(text) < least:
        problems.append(f"{name} must be a whole number, {least} or more")
        return default
    return int(text)


def _folder(environ: Mapping[str, str], name: str, problems: list[str]) -> Path | None:
    """None where nothing is set. It need not be there yet."""
    folder = Path(environ[name]) if environ.get(name) else None
    if folder is not None and not folder.is_absolute():
        problems.append(f"{name} must be a folder from the root on")
    return folder


def _scheduler(environ: Mapping[str, str], name: str, problems: list[str]) -> str | None:
    """Whoever reaches a scheduler has its workers run anything, and nothing is sealed on the way: so on this machine only."""
    address = environ.get(name) or None
    if address is not None and not LOOPBACK.fullmatch(address):
        problems.append(f"{name} must be an address on this machine, tcp://127.0.0.1:port")
    return address


def _hosts(environ: Mapping[str, str], name: str, problems: list[str], *, below: bool = False) -> frozenset[str]:
    """`below`: whether `.example.com` may stand for every host below it."""
    hosts = frozenset(filter(None, (part.strip().lower() for part in environ.get(name, "").split(","))))
    if not all(HOST.fullmatch(host.removeprefix(".") if below else host) for host in hosts):
        problems.append(f"{name} must be host names, each perhaps with :port, separated by commas")
    return hosts


def _printers(environ: Mapping[str, str], name: str, problems: list[str]) -> tuple[str, ...]:
    """Addresses in figures, as they stand there: a name could be pointed elsewhere once it is allowed."""
    found = tuple(dict.fromkeys(filter(None, (part.strip() for part in environ.get(name, "").split(",")))))
    for each in found:
        host, _colon, port = each.rpartition(":")
        try:
            ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
            good = port.isascii() and port.isdigit() and 1 <= int(port) <= 65_535
        except ValueError:
            good = False
        if not good:
            problems.append(f"{name} must be addresses in figures, each with :port, separated by commas")
            return ()
    return found


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read and check everything; raises SettingsWrong naming each fault at once."""
    problems: list[str] = []
    database_url = environ.get("MEGURI_DATABASE_URL", "")
    if not database_url.startswith(("postgresql://", "postgres://")):
        problems.append("MEGURI_DATABASE_URL must be a postgresql:// address")
    demo = environ.get("MEGURI_DEMO") == "1"
    public_url = environ.get("MEGURI_PUBLIC_URL", "").rstrip("/")
    if not public_url.startswith("https://") and not (demo and public_url.startswith("http://localhost")):
        problems.append("MEGURI_PUBLIC_URL must be an https:// address (http://localhost in demo mode)")
    smtp_url, mail_from = environ.get("MEGURI_SMTP_URL"), environ.get("MEGURI_MAIL_FROM")
    if not demo and not (smtp_url and mail_from):
        problems.append("MEGURI_SMTP_URL and MEGURI_MAIL_FROM are needed to send sign-in codes")
    webhook_hosts = _hosts(environ, "MEGURI_WEBHOOK_HOSTS", problems)
    webhook_private_hosts = _hosts(environ, "MEGURI_WEBHOOK_PRIVATE_HOSTS", problems)
    if not webhook_private_hosts <= webhook_hosts:
        problems.append("MEGURI_WEBHOOK_PRIVATE_HOSTS must be among MEGURI_WEBHOOK_HOSTS")
    settings = Settings(
        database_url=database_url,
        secret_key=_key(environ, "MEGURI_SECRET_KEY", problems, exact=False),
        master_key=_key(environ, "MEGURI_MASTER_KEY", problems),
        code_key=_key(environ, "MEGURI_CODE_KEY", problems),
        previous_code_key=_optional_key(environ, "MEGURI_PREVIOUS_CODE_KEY", problems),
        seal_key=_optional_key(environ, "MEGURI_SEAL_KEY", problems),
        previous_seal_key=_optional_key(environ, "MEGURI_PREVIOUS_SEAL_KEY", problems),
        public_url=public_url,
        demo=demo,
        smtp_url=smtp_url,
        mail_from=mail_from,
        listen_url=environ.get("MEGURI_LISTEN_URL"),
        pool_size=_number(environ, "MEGURI_POOL_SIZE", 3, problems),
        streams_max=_number(environ, "MEGURI_STREAMS_MAX", 400, problems),
        webhook_hosts=webhook_hosts,
        webhook_private_hosts=webhook_private_hosts,
        printers=_printers(environ, "MEGURI_PRINTERS", problems),
        push_hosts=_hosts({"MEGURI_PUSH_HOSTS": PUSH_SERVICES if demo else "", **environ}, "MEGURI_PUSH_HOSTS", problems, below=True),
        columns_folder=_folder(environ, "MEGURI_COLUMNS_FOLDER", problems),
        analytics_scheduler=_scheduler(environ, "MEGURI_ANALYTICS_SCHEDULER", problems),
        proxies=_number(environ, "MEGURI_PROXIES", 0, problems, least=0),
    )
    if problems:
        raise SettingsWrong(problems="; ".join(problems))
    return settings
