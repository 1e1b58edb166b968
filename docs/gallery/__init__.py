"""The gallery: every subject's workings and pictures in both languages, built into one folder of pages."""
