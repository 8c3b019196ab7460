"""The group lead's subsidy (補助金): so far its calculators, as pure rules."""
