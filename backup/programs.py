"""PostgreSQL's own programs, run as the user to whom the database's files belong, and connections to the server itself."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

OLDEST_MAJOR = 15
"""pg_verifybackup and basic_archive are as we use them from here on."""


class BackupTrouble(Exception):
    """It cannot be done. The text says what, and what helps, to whoever called."""


@dataclass(frozen=True, slots=True)
class Programs:
    """The programs in `folder`. `account`: whom they run as, where we are root; PostgreSQL's refuse root."""

    folder: Path
    account: pwd.struct_passwd | None = None

    @classmethod
    def found(cls, folder: Path | None, owned_by: Path) -> Programs:
        """The programs in `folder`, or on the PATH; root becomes the owner of `owned_by`. Raises BackupTrouble."""
        if folder is None:
            on_path = shutil.which("pg_basebackup")
            if on_path is None:
                raise BackupTrouble(
                    "pg_basebackup is not on the PATH: name its folder with --programs (Debian: /usr/lib/postgresql/15/bin)"
                )
            folder = Path(on_path).resolve().parent
        if not (folder / "pg_basebackup").exists():
            raise BackupTrouble(f"there is no pg_basebackup in {folder}")
        if os.geteuid() != 0:
            return cls(folder)
        account = pwd.getpwuid(owned_by.stat().st_uid)
        if account.pw_uid == 0:
            raise BackupTrouble(f"{owned_by} belongs to root, but the database writes there: chown it to the database's user")
        return cls(folder, account)

    @property
    def major(self) -> int:
        """15 of `pg_basebackup (PostgreSQL) 15.14`."""
        found = re.search(r"\) (\d+)", self.run("pg_basebackup", "--version"))
        return int(found[1]) if found else 0

    def run(self, name: str, *words: object, env: dict[str, str] | None = None) -> str:
        """What the program says. Raises BackupTrouble with that, if it fails."""
        answer = subprocess.run(
            [self.folder / name, *map(str, words)],
            user=self.account.pw_uid if self.account else None,
            group=self.account.pw_gid if self.account else None,
            extra_groups=[] if self.account else None,
            umask=0o077,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"} | (env or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if answer.returncode != 0:
            raise BackupTrouble(f"{name} failed ({answer.returncode}):\n{answer.stdout.strip()}")
        return answer.stdout

    def give(self, path: Path) -> None:
        """Make it theirs for whom the programs run."""
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)


@dataclass(frozen=True, slots=True)
class Source:
    """The running server that is backed up. `url`: of a role that may replicate."""

    url: str = field(repr=False)

    def connect(self) -> psycopg.Connection:
        """Each statement by itself. Raises BackupTrouble."""
        try:
            known = conninfo_to_dict(self.url)
            return psycopg.connect(make_conninfo(self.url, dbname=known.get("dbname") or "postgres"), autocommit=True)
        except psycopg.Error as error:
            raise BackupTrouble(f"the database cannot be reached: {error}") from error

    def for_programs(self) -> tuple[str, dict[str, str]]:
        """Where it is, as programs take it, and the password apart: words of a command can be read by everybody on the machine."""
        known = {name: str(value) for name, value in conninfo_to_dict(self.url).items() if name != "dbname"}
        password = known.pop("password", None)
        return make_conninfo("", **known), {} if password is None else {"PGPASSWORD": password}
