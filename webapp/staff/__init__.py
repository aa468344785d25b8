"""The staff's dashboard."""
