export type { AgentActivity, AgentRow, Agents } from './api/agents.ts';
export type {
  Appointments,
  ComingText,
  Comparison,
  CsvDryRun,
  CsvProblem,
  CsvRow,
  Visit,
  WhyUnreached,
} from './api/appointments.ts';
export type {
  Ask,
  AskDefaults,
  Baton,
  BatonLine,
  Batons,
  ComingStep,
  LadderPreview,
  Owner,
  QueueOwner,
  Template,
} from './api/batons.ts';
export type { Collection, Collections, CollectionValue } from './api/collections.ts';
export type { Duty, DutyRow, DutySpan, Finding } from './api/duty.ts';
export type {
  Blocked,
  Conversation,
  Conversations,
  ConversationSummary,
  DeliveryState,
  MessageMarks,
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
export type { ByteSource, OpenedFile, OutgoingFile, UploadProgress } from './api/files.ts';
export type {
  Care,
  CareThread,
  Chart,
  ChartPerson,
  InviteWish,
  KnownWriter,
  NewInvitation,
} from './api/care.ts';
export type {
  PatientConversation,
  PatientDoor,
  PatientLinkPreview,
  PatientMessage,
  PatientThreadRow,
  PatientSession,
  PhonePlace,
  PhoneState,
} from './api/patient-door.ts';
export type { Integrations, MadeIntegration } from './api/integrations.ts';
export type { NoticeAddress, Notices } from './api/notices.ts';
export type { Live } from './api/live.ts';
export type { MadeRecord, Records, RecordWish, RecordWords } from './api/record.ts';
export type { PatientRegistry, PatientRow } from './api/patients.ts';
export type { EnrolledPatient, MedicineHold, Programmes, ProtocolView } from './api/programmes.ts';
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
export type {
  KeyStore,
  Locks,
  PasskeyAnswer,
  PasskeyPort,
  PeerNote,
  Peers,
  Platform,
  Profile,
  Profiles,
} from './ports/platform.ts';
export {
  type Store,
  type StoreRange,
  type StoreRow,
  type StoreTable,
  type StoreWrite,
} from './ports/store.ts';
export {
  type HttpAnswer,
  type HttpRequest,
  type Socket,
  type SocketEvents,
  type Transport,
  Unreachable,
} from './ports/transport.ts';
export { CSV_DATE_FORMATS, type CsvDateFormat } from './appointments/csv/cell-values.ts';
export { CSV_FIELDS, type CsvField } from './appointments/csv/csv-fields.ts';
export { type Named, namedCollectionOf, patientQueueOf } from './collections/named-collection.ts';
export { createDoor } from './create-door.ts';
export { createPatientDoor } from './patient-door/create-patient-door.ts';
export type { PhoneDoor } from './patient-door/patient-door.ts';
export type { PhoneSession } from './patient-door/patient-session.ts';
export type {
  PhonePlatform,
  PhoneProfiles,
  PinRecord,
  PinShelf,
  TabMemory,
} from './patient-door/phone-ports.ts';
export { ClientDoor, type SetUpWish } from './door/door.ts';
export type { CredentialWish } from './enrolment/new-credential.ts';
export { ClientError } from './failure.ts';
export { type Answer, answersOf, plainQuestion } from './programmes/answers.ts';
export {
  type AskedQuestion,
  askedIn,
  isOpenAlert,
  toEnrolledPatient,
  worstFirst,
} from './programmes/cohort.ts';
export type { GoodSignature, ProtocolFlaw, ProtocolVerdict } from './api/protocol-verdict.ts';
export { type PlacedSignature, ProtocolJudge } from './programmes/protocol-judge.ts';
export { LiveSession } from './session/live-session.ts';
