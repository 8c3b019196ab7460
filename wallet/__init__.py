"""The consumer: sign-up, balances, scan, pay, my code, history."""
