// The stations of the map: which steps stand in which place. Every step where people wait or stay is in one station.

const list = (lane, ...stations) => stations.map(([id, ...steps], column) => ({ id, lane, column, steps: steps.map((step) => (step.includes(".") ? step : `${lane}.${step}`)) }));

export const LANES = ["reception", "dublin", "b8", "asylum", "away"];

export const STATIONS = [
  ...list(
    "reception",
    ["waits", "whereabouts.waits_to_register"],
    ["centre", "whereabouts.reception", "whereabouts.without_reception"],
    ["hidden", "whereabouts.hidden"],
    ["shelter", "whereabouts.shelter"],
    ["housing", "whereabouts.own_housing"],
  ),
  ...list(
    "dublin",
    ["request", "indication", "interview", "claim", "reply", "reply_eurodac", "reply_take_back", "claim_refused", "accepted"],
    ["decision", "intention", "decision", "discretionary", "decision_quashed", "claim_resumes"],
    ["court", "appeal", "onward_appeal"],
    ["transfer", "transfer_preparation", "detained", "released", "transfer_due", "objection_to_transfer", "transfer_resumes"],
    ["vanished", "absconded", "absconded_after_decision"],
    ["here", "responsible_by_late_claim", "lapsed", "responsibility_shifts", "criterion_ended"],
    ["over", "withdrawn"],
  ),
  ...list(
    "b8",
    ["signal", "signalled", "intake", "reflection_offered", "reflection_not_offered"],
    ["considers", "considers_report"],
    ["wish", "wish_to_report", "appointment_missed"],
    ["test", "necessity_test", "report", "other_cooperation", "grant_decision", "hardship_application", "permit_of_own_motion"],
    ["permit", "permit", "permit_second_year", "permit_third_year", "three_years_held", "hardship_permit", "hardship_permit_end", "permit_end", "complaint", "no_longer_needed"],
    ["stay", "continued_stay_application", "continued_stay_hardship", "continued_stay_three_years", "continued_stay"],
    ["dispute", "refused", "refused_first", "refused_again", "objection_prepared", "objection_term", "objection", "objection_again", "appeal", "opposition"],
    ["closed", "closed", "declined", "withdrawn", "file_lapsed"],
  ),
  ...list(
    "asylum",
    ["queue", "registration", "track_assignment", "waits_for_dublin", "opens"],
    ["rest", "rest", "waits_with_permit", "after_permit"],
    ["procedure", "general_procedure", "general_procedure_2021", "hears_the_account", "outcome_known", "extended_procedure", "intention", "own_motion_test"],
    ["courts", "appeal", "onward_appeal"],
    ["granted", "granted", "status_holder", "housed"],
    ["rejected", "rejected", "departure_term", "departs", "goes_out_of_view", "final_rejection", "repeat_application"],
    ["done", "closed", "file_closed"],
  ),
  ...list(
    "away",
    ["unknown", "whereabouts.left_unknown", "whereabouts.gone_abroad"],
    ["abroad", "whereabouts.abroad_after_transfer", "whereabouts.reports_abroad", "whereabouts.protected_abroad", "whereabouts.abroad"],
    ["departed", "whereabouts.departed"],
  ),
];

/** Steps in which nobody is seen on the map: before the first sign of a procedure, and steps that are passed at once. */
export const UNSEEN = ["asylum.no_application", "b8.none", "dublin.none", "whereabouts.not_arrived", "whereabouts.weighs_coming"];
