export type {
  Blocked,
  Conversation,
  Conversations,
  ConversationSummary,
  DeliveryState,
  OutgoingFile,
  OutgoingMessage,
  Readers,
  Receipt,
  Timeline,
  TimelineEvent,
  TimelineItem,
  TimelineMessage,
  TimelineProblem,
} from './api/conversations.ts';
export type { Directory, Member, Person, Role } from './api/directory.ts';
export type { Live } from './api/live.ts';
export type { PatientRegistry, PatientRow } from './api/patients.ts';
export type { AuditRow, AuditTrail, PendingInvitation, People } from './api/people.ts';
export type {
  Alarm,
  ClientFailure,
  ConnectionState,
  Door,
  FirstCredential,
  InvitationPreview,
  Me,
  PreparedPassphrase,
  PreparedRecovery,
  Security,
  Session,
  SignInProof,
} from './api/session.ts';
