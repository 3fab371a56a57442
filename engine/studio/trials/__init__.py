"""Trials (Uji coba): a draft is played by hand on the virtual clock; what is played is a scenario from the start."""
