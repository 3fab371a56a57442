"""What Alur costs, beside a bare transaction in the same run. `alur bench` runs it; nothing here is a test."""
