"""What is measured: measures, paired differences, cumulative incidence and the recorded world.

The modules are imported one by one where they are needed, because pandas and scipy are slow to import.
"""
