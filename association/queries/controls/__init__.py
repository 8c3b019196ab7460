"""日次点検: what is watched (`registry`), how it is measured (`measures`), and how it stands (`standing`)."""

from association.queries.controls.registry import CONTROLS, Control
from association.queries.controls.standing import Round, Standing, Turn, last_alarms, round_of, rounds, turns
