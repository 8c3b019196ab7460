"""The door of insight that writes: what is measured, what a night foretells, what a day is, what is open to all. Nothing touches money."""

from analytics.commands.catchment import count_catchment
from analytics.commands.effects import estimate, has_yesterday
from analytics.commands.forecasts import foresee, sweep_forecasts
from analytics.commands.measurements import NewSource, Parcel, add_source, end_source, make_sensor_token, send, take_file
from analytics.commands.month_end import keep_month_end
from analytics.commands.notes import NewNote, days_are_right, drop_note, note_day, note_days
from analytics.commands.open_data import publish_open_data, switch_open_data
from analytics.commands.papers import keep_paper
from analytics.commands.screens import end_screen, open_screen
from analytics.commands.streets import keep_plan, place_shop
from analytics.rules.readings import Found, Reading
