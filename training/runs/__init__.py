"""Work of minutes or days: claimed, kept alive, resumed, and done in a process of its own."""
