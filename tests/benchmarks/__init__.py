"""What Alur costs, measured against a bare transaction in the same run. `alur bench` runs it; nothing here is a test."""
