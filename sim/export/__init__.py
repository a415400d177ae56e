"""The folder of a paper: results as other programs, journals and clerks open them, with what makes them again.

The modules are imported one by one where they are needed, because matplotlib and pandas are slow to import.
"""
