"""The numbers about the world with their passports, the published series, and the sources of both."""
