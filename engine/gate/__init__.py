"""The gate: says everything that keeps a package from being deployed, without running any of it."""
