"""The audit log: who switched, deleted or retried what, and when."""
