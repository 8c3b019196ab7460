"""The history of the schema. Versions are written by hand, run as meguri_owner, and never import the product's models.

    upgrade("postgresql://meguri_owner:…")

SQL functions are whole files in `migrations/sql/`, which a version loads by `read_sql`; a changed function is a new file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # whoever migrates loads Alembic: a web server or a worker starts without it
    from alembic.config import Config

HERE = Path(__file__).parent


def upgrade(database_url: str, revision: str = "head") -> None:
    """Bring the database up to `revision`. Waits while another process migrates; does nothing if it is there already."""
    from alembic import command

    command.upgrade(_config(database_url), revision)


def downgrade(database_url: str, revision: str = "base") -> None:
    """Take the database back to `revision`. What the undone versions had stored is lost."""
    from alembic import command

    command.downgrade(_config(database_url), revision)


def revisions() -> list[str]:
    """All revisions, first to last."""
    from alembic.script import ScriptDirectory

    return [script.revision for script in reversed(list(ScriptDirectory.from_config(_config("")).walk_revisions()))]


def read_sql(name: str) -> str:
    """A file of `migrations/sql/` as `op.get_bind().exec_driver_sql(…)` takes it: many statements in one go.

    Nothing is filled in. Each `%` is doubled, since the driver would take a single one for a placeholder.
    """
    return (HERE / "sql" / name).read_text(encoding="utf-8").replace("%", "%%")


def _config(database_url: str) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["database_url"] = database_url
    return config
