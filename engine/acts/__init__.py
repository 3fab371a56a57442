"""One act of a case: what it is told, what it does, what follows. The same code runs it live and in a replay."""
