"""日次点検: what is watched (`registry`), how it is measured (`measures`), and how it stands (`standing`)."""

from association.queries.controls.measures import Measured
from association.queries.controls.registry import CONTROLS, Control
from association.queries.controls.standing import Round, Standing, Turn, last_alarms, round_of, rounds, turns

__all__ = ["CONTROLS", "Control", "Measured", "Round", "Standing", "Turn", "last_alarms", "round_of", "rounds", "turns"]
