"""Bad luck: the network, the server or the database goes away at the worst moment. No half payment, and a true answer."""
