"""How good a network is: protocols, the rows beside it, and the figures."""
