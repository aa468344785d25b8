"""Template tags of the app photos."""
