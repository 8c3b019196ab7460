"""What the desk of the group calls states, facts, conditions, papers and steps: to be translated when shown."""

from subsidy.titles.costs import (
    CAPS,
    CATEGORIES,
    COST_KINDS,
    EFFECT_FAULTS,
    FAULTS,
    FUNCTIONS,
    INELIGIBLE,
    LINE_GAPS,
    LINE_STATES,
    LOSSES,
    OTHER_FRAME_READINGS,
    OTHER_READINGS,
    SHEET_VALUES,
    SORTS,
    STEP_CODES,
    WARNINGS,
)
from subsidy.titles.members import CHECK_STATES, CHECKS, PART_PAGES, PARTS, REPRESENTATIVE_KINDS, ROLES, SAID_FIELDS
from subsidy.titles.papers import DOUBTS, EVERY_PAPER, EVIDENCE, LACKS, PAPER_STATES, PAPERS, VIAS
from subsidy.titles.project import (
    BUSINESS_TYPES,
    CHANGE_NEEDS,
    CHANGES,
    CRITERIA,
    DATES,
    FACTS,
    FRAME_VALUES,
    FRAMES,
    REMINDERS,
    SETTINGS,
    STATES,
    STATUSES,
)
from subsidy.titles.steps import PLACES, STEPS
