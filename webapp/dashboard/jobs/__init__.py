"""Asked-for work of every room in one form: counted, listed, tried again, cancelled."""
