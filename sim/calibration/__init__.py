"""Fitting the assumptions to what was published before the change of the rule, and predicting what came after."""
