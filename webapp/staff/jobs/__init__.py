"""Asked-for work of every source in one form: counted, listed, tried again, cancelled."""
