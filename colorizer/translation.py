"""Sentences for people that the core writes in English; who shows them translates them."""


def gettext_noop(message: str) -> str:
    """Mark a sentence for translation."""
    return message
