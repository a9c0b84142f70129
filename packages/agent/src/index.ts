export { type Activity, ActivityLog } from './activity/activity-log.ts';
export { Agenda, type AgendaPorts } from './agenda/agenda.ts';
export { DueHeap } from './agenda/due-heap.ts';
export { AgentError, type AgentErrorCode } from './agent-error.ts';
export type { Drawer } from './drawer/drawer.ts';
export { type AllowedHost, createEgress, type Egress, parseHost } from './egress/egress.ts';
export type { FeedPorts, FeedVisit } from './feeds/feed-ports.ts';
export { markDeceased } from './feeds/mark-deceased.ts';
export { FeedReport } from './feeds/feed-report.ts';
export { FeedVisits } from './feeds/feed-visits.ts';
export { type Held, HeldMessages, type TakeAgain } from './feeds/held-messages.ts';
export { type FoundPatient, type OutsideIdentifier, PatientFinder } from './feeds/patient-finder.ts';
export { Soonest } from './feeds/soonest.ts';
export { type EhrAdapter, type EhrOutcome, WriteBacks } from './feeds/write-backs.ts';
export type { Lease } from './lease/lease.ts';
export type { AgentContext, AgentProgram, RunningProgram } from './program/agent-program.ts';
export {
  type AgentPorts,
  type AgentStatus,
  ownManifest,
  requireProgram,
  runAgent,
  type RunningAgent,
} from './runtime/run-agent.ts';
export { AgentRoles, type KeptRole, type KeyringTurn } from './session/agent-roles.ts';
export {
  type Serve,
  type ServedRequest,
  type ServedResponse,
  ServingDesk,
} from './serving/served-request.ts';
export type { AgentAsk, AgentConversation, AgentMessage, OpenedMark } from './session/agent-conversation.ts';
export { type AgentSession, restrictSession } from './session/agent-session.ts';
export type { KeptValue, NamedValue, NamedValues } from './session/named-values.ts';
export type { ProtocolCheck } from './session/protocol-check.ts';
export { ValueFeed, type ValueFeedPorts } from './session/value-feed.ts';
export { AgentState, type Kept, type Shape, type Shelf } from './state/agent-state.ts';
export { type DueTimer, DurableTimers } from './timers/durable-timers.ts';
