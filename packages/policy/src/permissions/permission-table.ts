import { INVITES_PATIENTS, JOBS, type Job } from '@baton/wire';
import { ADMIN_JOBS, CLINICAL_JOBS, CLINICIAN_JOBS, STAFF_JOBS } from '../job-groups.ts';

// Which job may do what in the organisation (docs/protocol/membership.md §9). What happens inside a conversation is the membership
// table's business; this one guards everything around it. Nothing that is not listed is allowed.

const MANAGERS: readonly Job[] = ['practice-manager'];
const COMPLIANCE: readonly Job[] = ['compliance-officer'];
const CHARGE: readonly Job[] = ['charge-nurse'];
const CARE_AND_DESK: readonly Job[] = [...CLINICAL_JOBS, 'front-desk'];
const EVERYBODY: readonly Job[] = JOBS;

export const PERMISSION_TABLE = {
  // One's own account.
  'session.read.own': EVERYBODY,
  'credential.manage.own': EVERYBODY,
  'device.register.own': EVERYBODY,
  'device.revoke.own': EVERYBODY,
  'vault.write.own': EVERYBODY,
  // Needed by every client to verify anything at all.
  'keylog.read': EVERYBODY,
  // Conversations. Membership decides which.
  'conversation.read': EVERYBODY,
  'message.send': EVERYBODY,
  'blob.write': EVERYBODY,
  'blob.read': EVERYBODY,
  'conversation.create.direct': STAFF_JOBS,
  'conversation.create.group': STAFF_JOBS,
  'conversation.create.patient': [...CARE_AND_DESK, ...ADMIN_JOBS],
  'conversation.create.sidebar': [...CARE_AND_DESK, ...ADMIN_JOBS],
  'conversation.create.queue': [...CARE_AND_DESK, ...ADMIN_JOBS],
  'conversation.create.referral': [...CARE_AND_DESK, ...ADMIN_JOBS],
  'conversation.create.collection': [...CARE_AND_DESK, ...ADMIN_JOBS],
  'conversation.create.keyring': ADMIN_JOBS,
  // People.
  'directory.read': STAFF_JOBS,
  'people.invite': ADMIN_JOBS,
  // The key log asks the same of whoever signs such an invitation.
  'people.invite.patient': INVITES_PATIENTS,
  'people.invite.agent': ADMIN_JOBS,
  'people.grant': ADMIN_JOBS,
  'people.deactivate': ADMIN_JOBS,
  'device.revoke.other': ADMIN_JOBS,
  // Roles. Who holds one is decided in its keyring.
  'role.define': ADMIN_JOBS,
  'role.hold': STAFF_JOBS,
  // Patients.
  'patient.registry.read': [...CARE_AND_DESK, ...MANAGERS],
  'patient.registry.write': [...CARE_AND_DESK, ...MANAGERS],
  'import.run': ADMIN_JOBS,
  // Check-in programmes (docs/protocol/programmes.md §2): a protocol runs when one of the first and another of the second have signed it.
  'protocol.write': [...CLINICAL_JOBS, ...MANAGERS],
  'protocol.sign.clinician': CLINICIAN_JOBS,
  // What only a clinician answers for (docs/protocol/programmes.md §5): the doses that texts name, and what is done about a red alert.
  'regimen.confirm': CLINICIAN_JOBS,
  'alert.act.red': CLINICIAN_JOBS,
  // Batons, duty and agents (docs/protocol/batons.md).
  // Whom a baton reached, and who was on duty, is no business of patients, not of their own requests either.
  'baton.read': [...STAFF_JOBS, 'outside-clinician', 'agent'],
  'baton.act': STAFF_JOBS,
  // An answer to an agent's own question, where its manifest lists `settle` (docs/protocol/programmes.md §3).
  'baton.settle': ['agent'],
  'duty.policy': ADMIN_JOBS,
  'duty.schedule': [...ADMIN_JOBS, ...CHARGE],
  'duty.availability.own': STAFF_JOBS,
  'agent.manage': ADMIN_JOBS,
  'agent.activity.read': [...ADMIN_JOBS, ...COMPLIANCE],
  'integration.manage': ADMIN_JOBS,
  'notice.address.own': STAFF_JOBS,
  'push.own': EVERYBODY,
  // The organisation.
  'org.settings': ADMIN_JOBS,
  'org.authority': MANAGERS,
  'server.status.read': ADMIN_JOBS,
  'audit.read': COMPLIANCE,
  'audit.export': COMPLIANCE,
  'retention.set': [...COMPLIANCE, ...MANAGERS],
  'hold.set': COMPLIANCE,
} as const satisfies Record<string, readonly Job[]>;

export type Action = keyof typeof PERMISSION_TABLE;
export const ACTIONS = Object.keys(PERMISSION_TABLE) as readonly Action[];

/** Acts that nobody does to oneself: an administrator does not lock the door behind them by a slip. */
export const NOT_ON_ONESELF: ReadonlySet<Action> = new Set<Action>(['people.deactivate', 'people.grant']);

/** Which jobs count for which kind of account, whatever else a statement may list. */
export const JOBS_OF_KIND: Readonly<Record<'user' | 'agent' | 'patient', readonly Job[]>> = {
  user: [...STAFF_JOBS, 'outside-clinician'],
  agent: ['agent'],
  patient: ['patient', 'proxy'],
};

export function isAction(text: string): text is Action {
  return Object.hasOwn(PERMISSION_TABLE, text);
}
