export { applyBatonEvent } from './baton/apply-baton-event.ts';
export type {
  AskContract,
  BatonFacts,
  BatonState,
  FiredSteps,
  PlacedEvent,
} from './baton/baton-state.ts';
export {
  type Asker,
  type AskRecipients,
  checkAsk,
  ladderRecipients,
} from './baton/check-ask.ts';
export { dueBatonOp, followUpDueMs, nextBatonTimer } from './baton/due-baton-op.ts';
export {
  type BatonAct,
  type BatonActions,
  batonActions,
  judgeBatonEvent,
} from './baton/judge-baton-event.ts';
export { judgeServerEvent } from './baton/judge-server-event.ts';
export { type BatonOpening, openBaton } from './baton/open-baton.ts';
export { type PlannedStep, type PlanSubject, planSteps } from './baton/plan-steps.ts';
export { type Reach, reachOf } from './baton/reach.ts';
export { canSettle, isSettling } from './baton/settling.ts';
export { createBatonFacts } from './duty/baton-facts.ts';
export { checkRecordBody } from './duty/check-record.ts';
export { checkSchedule, type ScheduleFindings } from './duty/check-schedule.ts';
export { defaultLadders, defaultPolicy } from './duty/default-ladders.ts';
export type { DutyConversation, DutyOrg, RoleListing } from './duty/duty-org.ts';
export {
  type DutyContext,
  type DutySpan,
  dutySpans,
  findOnDuty,
  findStandIns,
  nextDutyChange,
} from './duty/on-duty.ts';
export { type LadderQuestion, type Preview, type PreviewStep, previewLadder } from './duty/preview-ladder.ts';
export {
  applyRecord,
  availabilityOf,
  coversOf,
  emptyRecordBook,
  ladderOf,
  laddersOf,
  newestRecord,
  type PlacedRecord,
  policyOf,
  queueOf,
  queuesOf,
  type RecordActor,
  type RecordBook,
  recordByHash,
  replacedAt,
  scheduleOf,
  schedulesOf,
  unitNamed,
  unitsOf,
} from './duty/record-book.ts';
export type { Finding } from './duty/record-shape.ts';
export { dayNumberOf, type DayNumber, instantOf, isTimeZone, localDayAt } from '@baton/kernel';
export {
  ADMIN_JOBS,
  CHARGE_JOBS,
  CLINICAL_JOBS,
  CLINICIAN_JOBS,
  hasJob,
  STAFF_JOBS,
} from './job-groups.ts';
export {
  type ApplyInput,
  acceptEntry,
  applyEntry,
  type EntryPlan,
  type PlanInput,
  planEntry,
} from './membership/apply-entry.ts';
export {
  type AgentWriting,
  type AuthorWriting,
  isWithinManifest,
  mayAgentWrite,
} from './membership/agent-writes.ts';
export { isPatientsWriting } from './membership/patient-writes.ts';
export { authorOf, type EntryAuthor, isAuthorAmong } from './membership/author-rights.ts';
export {
  type ConversationState,
  type MemberState,
  type PastMembership,
  type PendingInvitation,
  wasMember,
} from './membership/conversation-state.ts';
export { callsFor, DUTY_TOLERANCE_MS, type KeyringChange } from './membership/duty-reason.ts';
export {
  type KindRules,
  MEMBERSHIP_TABLE,
  type MemberType,
  type Right,
} from './membership/membership-table.ts';
export {
  type AccountFacts,
  type DutyRecord,
  findHeldRoles,
  type HeldRolesQuery,
  type InvitationFacts,
  type MembershipView,
  memberTypeOf,
  type RoleFacts,
  type ViewOptions,
  viewKeyLog,
} from './membership/membership-view.ts';
export {
  isRotationUrgent,
  needsRotate,
  type RotateFacts,
  type RotateReason,
} from './membership/needs-rotate.ts';
export {
  type GenerationNeed,
  generationNeedOf,
  type RequiredRecipient,
} from './membership/required-recipients.ts';
export { checkRoleKey } from './membership/role-key-check.ts';
export { type Actor, can, type Explanation, explain, type PermissionContext } from './permissions/can.ts';
export {
  ACTIONS,
  type Action,
  isAction,
  PERMISSION_TABLE,
} from './permissions/permission-table.ts';
export type { PolicyError, PolicyErrorCode } from './policy-error.ts';
export { findOwner, type RoutingFacts } from './routing/find-owner.ts';
export { routeMessage } from './routing/route-message.ts';
export { CONTACT_MEMORY_MS, type ContactCap, whenWithinCap } from './texting/contact-cap.ts';
export {
  ANSWER_WITHIN_MS,
  type AnswerTo,
  findConsent,
  judgeText,
  mayOptIn,
  type TextCode,
  type TextQuestion,
  type TextVerdict,
} from './texting/judge-text.ts';
export {
  CARRIER_WORDS,
  HELP_WORDS,
  OPT_IN_WORDS,
  OPT_OUT_WORDS,
  PROMPT_CHOICES,
} from './texting/keywords.ts';
export { normaliseKeyword } from './texting/normalise-text.ts';
export { type Inbound, type InboundContext, type OpenPrompt, parseInbound } from './texting/parse-inbound.ts';
export {
  isOpenAt,
  isQuiet,
  LAWFUL_HOURS,
  type PlannedText,
  planTextTime,
  quietEnds,
  type SendingHours,
  sendingHours,
} from './texting/quiet-hours.ts';
export { findRevocation, type Revocation } from './texting/revocation.ts';
export {
  cutText,
  MAX_TEXT_CHARACTERS,
  MAX_TEXT_SEGMENTS,
  measureText,
  plainMarks,
  type TextSize,
} from './texting/segments.ts';
export { joinStates, mayFollow } from './texting/text-states.ts';
export {
  hasStopNotice,
  nameForText,
  needsStopNotice,
  type PracticeWords,
  revealsSpecialty,
  TEXT_WORDS_VERSION,
  textForAfterHours,
  textForEmergency,
  textForHelp,
  textForLink,
  textForOptIn,
  textForOptOut,
  textForPlain,
  textForReceived,
  textForWhoWrites,
  withStopNotice,
} from './texting/text-words.ts';
export { findWriter, type WriterCandidate } from './texting/who-writes.ts';
export {
  judgeValue,
  type ValueBefore,
  type ValuePut,
  type ValueVerdict,
} from './values/judge-value.ts';
export { type OrgValue, type ValueAuthor, type ValueKind } from './values/value-author.ts';
export { mayDeleteValue, mayWriteValue, VALUE_WRITERS } from './values/value-writers.ts';
