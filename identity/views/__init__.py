"""The pages of identity: joining, signing in and out, one's own account, and the demo's shortcuts.

The composition root calls `setup` once, and gives `Districts().load` and `load_who` to the frame.
"""

from identity.views import account, demo, email_codes, recovery, sign_in, sign_up
from identity.views.asking import Districts, load_who
from identity.views.frame import mark_browsers, setup
