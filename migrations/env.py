"""How Alembic runs a version: one migrator at a time, and never long in the way of those who pay."""

from __future__ import annotations

import os

from alembic import context
from sqlalchemy import NullPool, create_engine, text

from base.db import driver_url

MIGRATING = 0x6D656775  # "megu": the advisory lock of whoever migrates


def migrate(database_url: str) -> None:
    """Each version in a transaction of its own. A version that truly needs longer says SET LOCAL statement_timeout itself."""
    engine = create_engine(driver_url(database_url), poolclass=NullPool, connect_args={"application_name": "meguri migrations"})
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATING})
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.execute(text("SET statement_timeout = '60s'"))
        connection.commit()
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


if context.is_offline_mode():
    raise SystemExit("Versions load files and look at the database: they run on one, and print no SQL.")
migrate(context.config.attributes.get("database_url") or os.environ["MEGURI_OWNER_URL"])
