"""Weighing camps by figures as they are published, and advice on which figures to publish."""
