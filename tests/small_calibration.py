"""A calibration of a small country to three figures."""

SMALL = """
[calibration]
title    = "A small one"
scenario = "netherlands"
persons  = 1500
seed     = 3
headline = ["b8_granted", "left_unknown"]
within   = 10
targets  = ["nigerian_departures_2018", "transfers_2018", "dublin_requests_2018"]

[waves]
points     = [12, 4]
candidates = 200

[parameters]
"leaves.transfer_per_year"      = "passport"
"leaves.onward_per_year"        = { scale = "log" }
"dublin.applied_elsewhere_base" = "passport"
"strategic.share"               = "passport"

[camp.free]
title = "Everything may vary"
why   = "No assumption is imposed."

[camp.victims_only]
title = "Only victims claim"
why   = "Nobody claims for the sake of the stay."
kept  = { "strategic.share" = 0.0 }
"""
