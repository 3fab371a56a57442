"""Names, deadlines and tasks in the words of the reader: shared by the pages of officers and applicants."""
