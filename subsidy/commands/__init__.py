"""Door 1 of the subsidy: everything that a group writes."""

from subsidy.commands.changes import NewChange, answer_change, ask_change
from subsidy.commands.facts import NewFact, note_fact
from subsidy.commands.figures import NewFigures, keep_figures, keep_figures_by_link
from subsidy.commands.forgetting import forget_papers
from subsidy.commands.invitations import NewInvitation, end_invitation, invite
from subsidy.commands.kept import Printed, PrintedFile, keep_volume
from subsidy.commands.lines import NewLine, add_lines, check_line_days, keep_line
from subsidy.commands.links import Answers, NewLink, answer_by_link, end_link, hand_in_by_link, make_link, read_by_link, take_seat
from subsidy.commands.packages import (
    NewPackage,
    Packing,
    PackingEnded,
    ask_package,
    fail_package,
    finish_package,
    keep_part,
    lay_package_down,
    stop_package,
    sweep_packages,
    take_package,
    tell_package,
)
from subsidy.commands.papers import NewPaper, check_paper, hand_in, read_paper
from subsidy.commands.parties import Known, NewParty, add_party, keep_party, party_leaves
from subsidy.commands.passing import Passed, pass_on
from subsidy.commands.projects import NewProject, Shape, found_project, keep_project, move_rules
from subsidy.commands.quotes import NewQuote, add_quote, check_line
from subsidy.commands.reminders import print_letters, remind, send_reminders
from subsidy.commands.review import NewAnswer, keep_answer
from subsidy.commands.tools import NewTools, keep_tools
from subsidy.rules.quotes import INELIGIBLE, Checked
