export {
  MADE_TRUTH,
  type MadePractice,
  type MadeTruth,
  makePractice,
} from './evaluation/made-practice.ts';
export {
  type LabelledReply,
  readReplies,
  type ReplyScore,
  sayReading,
  scoreReplies,
} from './evaluation/replies.ts';
export {
  adviceText,
  type InviteText,
  inviteOf,
  openExpectation,
  replyFacts,
} from './check-ins/asking.ts';
export { expectationOf } from './check-ins/branches.ts';
export { dateOf, dayNumber, daysBetween, weekdayOf } from './check-ins/calendar-days.ts';
export { type DosePlan, dosePlan, planOf, type StaleWhy } from './check-ins/dose-plan.ts';
export { EXAMPLE_PROTOCOLS } from './check-ins/example-protocols.ts';
export type {
  DialogueLine,
  Exploration,
  ExplorationChecks,
  ExplorationProblem,
} from './check-ins/explore/exploration.ts';
export { exploreProtocol } from './check-ins/explore/explore-protocol.ts';
export {
  type Advice,
  ALERT_KINDS,
  type AlertKind,
  type Band,
  BANDS,
  type Bound,
  type Branch,
  canonicalProtocol,
  type Condition,
  type Escalation,
  MAX_PROTOCOL_LENGTH,
  type Next,
  type NumberBand,
  type ParsedProtocol,
  parseProtocol,
  type Protocol,
  type ProtocolChoice,
  type ProtocolProblem,
  type ProtocolSetting,
  type Question,
  type Slot,
  type SlotStart,
  type Words,
} from './check-ins/protocol.ts';
export type {
  RunAlert,
  RunEnd,
  RunEvent,
  RunLater,
  RunLeave,
  RunNote,
  RunOut,
  RunSay,
  RunUrgency,
  SayPrompt,
} from './check-ins/run-output.ts';
export {
  decodeRunState,
  encodeRunState,
  type RaisedAlert,
  type RunOutcome,
  type RunStart,
  type RunState,
} from './check-ins/run-state.ts';
export { type Scheduled, type SlotOfDay, slotsOn, stopOn } from './check-ins/schedule.ts';
export {
  FRESH_CONTEXT,
  missingSettings,
  type RunContext,
  type RunStep,
  startRun,
  type StartInput,
} from './check-ins/start-run.ts';
export { stepRun } from './check-ins/step-run.ts';
export { planWords } from './check-ins/texts.ts';
export {
  NO_FLAG,
  readSamples,
  readScenarios,
  type Sample,
  type SamplePart,
  type Scenario,
} from './evaluation/samples.ts';
export { type Score, scoreSamples, type Share, shareOf } from './evaluation/score.ts';
export { armOf } from './no-show/arm-of.ts';
export {
  brierOf,
  calibrationGap,
  calibrationOf,
  calibrationTests,
  type Judged,
  type RankQuality,
  rankQualityOf,
} from './no-show/calibration.ts';
export {
  type ArmComparison,
  type ArmCount,
  compareArms,
  countArms,
  sayComparison,
} from './no-show/compare-arms.ts';
export { noShowRisk } from './no-show/no-show-risk.ts';
export { DEFAULT_NO_SHOW_SETTINGS, type NoShowSettings } from './no-show/no-show-settings.ts';
export { likelyFrom, scoreParts, scoreVisit } from './no-show/score-visit.ts';
export { trainNoShowModel } from './no-show/train-no-show.ts';
export {
  endOf,
  NO_SHOW_FEATURES,
  type NoShowFeature,
  type PatientPast,
  type PracticeRates,
  type VisitFeatures,
  visitFeatures,
  VisitHistory,
} from './no-show/visit-features.ts';
export { PATIENT_GRADE, type ReadingLevel, readingLevel } from './reading/reading-level.ts';
export { countSyllables } from './reading/syllables.ts';
export { type EmergencyText, emergencyText } from './triage/emergency-text.ts';
export {
  findRedFlags,
  type FoundRedFlag,
  mentionsChemotherapy,
  type RedFlagOptions,
} from './triage/find-red-flags.ts';
export { type TriageContent, triageContent } from './triage/triage-content.ts';
export {
  type ContextKind,
  type RedFlagLevel,
  TRIAGE_VERSION,
  type TriageRule,
  type TriageSource,
  triageRules,
} from './triage/triage-rules.ts';
export { ALARM_CODES, CODES_OF_KIND, type Symptom, SYMPTOMS } from './understanding/codes.ts';
export { saysMore } from './understanding/says-more.ts';
export { UNDERSTANDING_VERSION } from './understanding/reply-rules.ts';
export { type ReplyFacts, understandReply } from './understanding/understand-reply.ts';
export type {
  Expectation,
  ExpectationKind,
  ExpectedChoice,
  RedFlagLike,
  ReplyModel,
  SureUnderstanding,
  Understanding,
  UnsureUnderstanding,
} from './understanding/understanding.ts';
export {
  answerVisit,
  type AnswerInput,
  type VisitAnswer,
  writeBackOf,
} from './appointments/answer-visit.ts';
export { isEndedStatus, isExpected, isSameService, wasAttended } from './appointments/appointment-status.ts';
export { type FeedAppointment, mergeFeed } from './appointments/merge-feed.ts';
export { isPrivateVisit } from './appointments/private-visits.ts';
export {
  DEFAULT_REMINDER_SETTINGS,
  DEFAULT_REMINDER_STEPS,
  REMINDER_CADENCE_SOURCE,
  REMINDER_STEPS_VERSION,
} from './reminders/default-steps.ts';
export {
  minutesBefore,
  type PlanInput,
  planReminders,
  type RiskOf,
} from './reminders/plan-reminders.ts';
export {
  type Cap,
  isWithdrawn,
  OTHER_PATIENT_NOTE,
  type PlannedStep,
  type QuietHours,
  type ReminderReach,
  WITHDRAWN_NOTE,
} from './reminders/planned-step.ts';
export { type OpenQuestion, type ReadAnswer, readAnswer } from './reminders/read-answer.ts';
export { overdueSince } from './reminders/recall.ts';
export { type Unreached, whyUnreached } from './reminders/why-unreached.ts';
export {
  dateWords,
  fillPlaces,
  type ReminderText,
  reminderText,
  type ReminderTextInput,
  type TextNames,
  timeWords,
  withoutAcutes,
} from './reminders/reminder-text.ts';
export {
  offerChoices,
  recallChoices,
  REPLY_TEXTS,
  REPLY_TEXTS_VERSION,
  type ReplyName,
  timeChoices,
} from './reminders/reply-texts.ts';
export {
  bookSlot,
  compareWaiting,
  freeSlot,
  type Holder,
  holdSlot,
  type NextOffer,
  nextOffer,
  type SlotWish,
  slotsToChoose,
  type WaitlistFacts,
} from './reminders/waitlist.ts';
