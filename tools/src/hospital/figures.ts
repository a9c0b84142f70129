// Published figures that shape the synthetic load. They describe how staff write to one another in other systems; what the replay makes of
// them is a property of this code under that load and says nothing of outcomes in a hospital.
//
// Baratta et al., J Med Internet Res 2023;25:e48583 (9.64 M messages, 14 hospitals, 263 clinics); answered in five minutes and the share of
// the day: Small et al., JAMA Netw Open 2023 (PMC10751588); urgency and need for action: 2,706 hand-coded messages.

export const FIGURES = {
  messagesADay: { least: 53_951, most: 69_526 },
  messagesAConversation: 9_639_149 / 1_547_879,
  medianTurns: 2,
  betweenTwo: 0.81,
  medianReplyMs: 2.4 * 60_000,
  answeredInFiveMinutes: 0.759,
  from8To18: 0.691,
  nonUrgent: 0.99,
  nonActionable: 0.66,
  senders: { nurse: 0.4, physician: 0.25, assistant: 0.12, other: 0.23 },
  inpatientShare: 4_749_186 / (4_749_186 + 2_192_488),
  /** Of all messages of the setting: from whom to whom. */
  inpatientPairs: { nurseToPhysician: 0.2, physicianToNurse: 0.13 },
  outpatientPairs: { physicianToNurse: 0.16, assistantToAssistant: 0.11 },
} as const;

/** Spread of the logarithm of reply times that gives both the median and the share within five minutes. */
export const REPLY_SIGMA = Math.log((5 * 60_000) / FIGURES.medianReplyMs) / 0.703;
