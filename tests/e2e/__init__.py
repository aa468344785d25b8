"""The site in a real browser; what is set up for all of them ends with the last."""
