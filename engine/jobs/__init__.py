"""Work that is done after a commit, at least once: handlers, messages between cases, mail.

`queue` is the table behind one interface, `run` does the work, `operate` is what an operator may do about a failure.
"""

from engine.jobs.queue import JobOrder, JobQueue, TableQueue, enqueue

__all__ = ["JobOrder", "JobQueue", "TableQueue", "enqueue"]
