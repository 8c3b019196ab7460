"""Who is asking: districts, people, roles, sign-in, sessions, devices, personal data at rest, access log."""
