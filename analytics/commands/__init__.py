"""Door 1 of insight: what is measured is kept here. Nothing of it touches money."""

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

__all__ = ["Delivered", "NewSource", "Parcel", "add_source", "end_source", "make_sensor_token", "send", "take_file"]
