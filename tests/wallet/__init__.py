"""The consumer: pays, shows a code, looks back."""
