"""The door of insight that writes: what is measured, and what is open to everybody. Nothing of it touches money."""

from analytics.commands.measurements import (
    Delivered,
    NewSource,
    Parcel,
    add_source,
    end_source,
    make_sensor_token,
    send,
    take_file,
)
from analytics.commands.open_data import publish_open_data, switch_open_data

__all__ = [
    "Delivered",
    "NewSource",
    "Parcel",
    "add_source",
    "end_source",
    "make_sensor_token",
    "publish_open_data",
    "send",
    "switch_open_data",
    "take_file",
]
from analytics.commands.papers import keep_paper

__all__ = ["Delivered", "NewSource", "Parcel", "add_source", "end_source", "keep_paper", "make_sensor_token", "send", "take_file"]
