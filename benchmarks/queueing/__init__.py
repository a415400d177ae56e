"""Three desks in a row that people leave when they wait too long: here, in SimPy and in Ciw."""
