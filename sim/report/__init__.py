"""The output for readers: figures, tables and the HTML report.

The modules are imported one by one where they are needed, because matplotlib and pandas are slow to import.
"""
