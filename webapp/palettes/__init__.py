"""Palettes: colours that a user keeps by a name, and shows to others by a link."""
