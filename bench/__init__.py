"""Measuring the portal with ten thousand, a hundred thousand and a million articles. See docs/performance.md."""
