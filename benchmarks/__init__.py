"""Every speed claim, runnable: `python3 dev.py bench`."""
