import type {
  AuditRow,
  AuditTrail,
  PendingInvitation,
  People,
  Person,
  PreparedPassphrase,
  PreparedRecovery,
  Security,
} from '@baton/client';
import type { DeviceBody, WrapBody } from '@baton/wire';
import { dice } from './dice.ts';
import { GalleryFailure, pause } from './failure.ts';
import { LiveCell } from './live-cell.ts';
import { OTHERS, PEOPLE, peopleCell, rolesCell } from './people.ts';
import { now } from './scenario.ts';
import { recoveryWords } from './words.ts';

const HOUR = 3_600_000;

const AUDIT_ACTIONS = [
  'session.start.passkey',
  'session.end',
  'conversation.create',
  'conversation.read',
  'entry.append',
  'keylog.grant',
  'message.append',
  'POST /v1/keylog',
  'blob.get',
  'audit.read',
];

const auditRows: readonly AuditRow[] = Array.from({ length: 420 }, (_, index) => {
  const actor = dice.pick(PEOPLE);
  const action = dice.pick(AUDIT_ACTIONS);
  const refused = action.startsWith('POST') || dice.chance(0.04);
  return {
    n: 420 - index,
    at: now() - index * 11 * 60_000 - dice.below(500_000),
    actor: actor.id,
    session: dice.id('session'),
    action,
    object: dice.chance(0.7) ? dice.id('conversation') : null,
    outcome: refused ? ('refused' as const) : ('ok' as const),
    code: refused ? 'auth.failed' : null,
    hash: 'h'.repeat(43),
    actorName: actor.name,
  };
});

export const audit: AuditTrail = {
  async page({ before, limit }) {
    await pause(120);
    const rest = auditRows.filter(({ n }) => before === null || n < before);
    return { rows: rest.slice(0, limit), size: auditRows.length, verified: true };
  },
};

const devices = new LiveCell<readonly DeviceBody[]>(
  [
    ['Chrome on this computer', 'personal', 0, true],
    ['Safari on iPhone', 'personal', 5, false],
    ['Workstation 4W-03', 'workstation', 30, false],
  ].map(([label, kind, hours, current]) => ({
    device: dice.id('device'),
    label: String(label),
    class: kind as DeviceBody['class'],
    createdAt: now() - 900 * HOUR,
    lastSeenAt: now() - Number(hours) * HOUR,
    notAfter: now() + 400 * HOUR,
    current: current === true,
  })),
);

function wrap(kind: WrapBody['kind'], label: string): WrapBody {
  return {
    credential: dice.id('credential'),
    kind,
    label,
    wrap: kind === 'passkey' ? null : 'w',
    createdAt: now() - 800 * HOUR,
    lastUsedAt: kind === 'recovery' ? null : now() - 20 * HOUR,
  };
}

const credentials = new LiveCell<readonly WrapBody[]>([
  wrap('passkey', 'This computer'),
  wrap('passphrase', 'Passphrase'),
  wrap('recovery', 'Recovery words'),
]);
let steppedUp = false;

function needStepUp(): void {
  if (!steppedUp) throw new GalleryFailure('auth.step_up');
}

export const security: Security = {
  devices,
  credentials,
  refresh: () => Promise.resolve(),
  async revokeDevice(device) {
    await pause(250);
    needStepUp();
    devices.change((list) => list.filter((other) => other.device !== device));
  },
  async stepUp() {
    await pause(250);
    steppedUp = true;
  },
  async addPasskey(label) {
    await pause(250);
    needStepUp();
    credentials.change((list) => [...list, wrap('passkey', label)]);
    return { unlocks: true };
  },
  async preparePassphrase(login): Promise<PreparedPassphrase> {
    await pause(250);
    return {
      passphrase: recoveryWords().slice(0, 7).join(' '),
      otpauth: `otpauth://totp/Baton:${login}?secret=JBSWY3DPEHPK3PXP&issuer=Baton`,
      secretText: 'JBSWY3DPEHPK3PXP',
      async confirm(code) {
        await pause(250);
        if (code !== '123456') throw new GalleryFailure('auth.failed');
        credentials.change((list) => [...list, wrap('passphrase', login)]);
      },
    };
  },
  async prepareRecoveryWords(login): Promise<PreparedRecovery> {
    await pause(250);
    const words = recoveryWords();
    return {
      words,
      async confirm(typed) {
        await pause(250);
        if (typed !== words.join(' ')) throw new GalleryFailure('auth.failed');
        credentials.change((list) => [...list, wrap('recovery', login)]);
      },
    };
  },
  async removeCredential(credential) {
    await pause(250);
    needStepUp();
    credentials.change((list) => list.filter((other) => other.credential !== credential));
  },
};

const invitations = new LiveCell<readonly PendingInvitation[]>([
  {
    invitation: dice.id('invitation'),
    account: OTHERS[14]?.id ?? dice.id('account'),
    name: 'Elena Petrova',
    jobs: ['nurse'],
    notAfter: now() + 40 * HOUR,
    claimed: false,
  },
]);

function link(): { link: string; notAfter: number } {
  return {
    link: `https://baton.example.org/join#i_${'x'.repeat(22)}.${'y'.repeat(43)}.${'z'.repeat(43)}`,
    notAfter: now() + 72 * HOUR,
  };
}

function editPerson(id: string, change: Partial<Person>): void {
  peopleCell.change((list) => list.map((person) => (person.id === id ? { ...person, ...change } : person)));
}

export const people: People = {
  canEnrol: new LiveCell(true),
  invitations,
  async invite({ name, jobs }) {
    await pause(400);
    invitations.change((list) => [
      ...list,
      {
        invitation: dice.id('invitation'),
        account: dice.id('account'),
        name,
        jobs,
        notAfter: now() + 72 * HOUR,
        claimed: false,
      },
    ]);
    return link();
  },
  async reinvite() {
    await pause(400);
    return link();
  },
  async change(account, { name, jobs }) {
    await pause(250);
    editPerson(account, { name, jobs });
  },
  async deactivate(account) {
    await pause(250);
    editPerson(account, { active: false });
  },
  async defineRole({ name, unit, use, holders }) {
    await pause(250);
    const id = dice.id('role');
    const held = peopleCell.read().filter((person) => holders.includes(person.id));
    rolesCell.change((list) => [
      ...list,
      { kind: 'role', id, name, unit, use, keyring: dice.id('conversation'), holders: held, heldByMe: false },
    ]);
    return id;
  },
  async addHolder(role, account) {
    await pause(250);
    const fresh = peopleCell.read().filter(({ id }) => id === account);
    rolesCell.change((list) =>
      list.map((other) => (other.id === role ? { ...other, holders: [...other.holders, ...fresh] } : other)),
    );
  },
  async removeHolder(role, account) {
    await pause(250);
    rolesCell.change((list) =>
      list.map((other) =>
        other.id === role ? { ...other, holders: other.holders.filter(({ id }) => id !== account) } : other,
      ),
    );
  },
};
