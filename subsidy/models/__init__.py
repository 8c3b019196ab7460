"""What a group keeps: who is in it, what happened, what it costs, and the files that prove it."""

from subsidy.models.costs import CostLine
from subsidy.models.effect import Figure
from subsidy.models.filings import Filing, Saving
from subsidy.models.group import PARTY_ROLES, Fact, Link, Party, Project, Seat
from subsidy.models.invitations import Invitation
from subsidy.models.kept import KeptFile, KeptFiling, KeptKey
from subsidy.models.packages import Package, PackagePart
from subsidy.models.papers import Paper, PaperCheck, PaperKey
from subsidy.models.plan import PlanChange, ReviewAnswer
from subsidy.models.quotes import LineCheck, Quote
from subsidy.models.reminders import Reminder
from subsidy.models.tools import Tool, ToolList
