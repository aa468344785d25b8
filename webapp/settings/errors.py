"""What is wrong with a configuration."""


class ConfigError(ValueError):
    """The environment asks for something that cannot work; the message says what to change."""
