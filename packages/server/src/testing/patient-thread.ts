import type { ConversationId, RoleId } from '@baton/kernel';
import { claimProofInput } from '@baton/ledger';
import { CUSTODIAN, type EntryOp } from '@baton/wire';
import { nodePorts } from '../adapters/node-ports.ts';
import { entryText, type SignedEntry, TestConversation, type TestRecipient } from './conversation.ts';
import type { TestAccount } from './organisation.ts';
import type { TestLink } from './patients.ts';
import { type Answer, expectOk, type TestPractice } from './practice.ts';
import { random, type TestKey } from './signing.ts';

const { digest } = nodePorts;
const CUSTODIAN_BOX: TestRecipient = { m: CUSTODIAN, g: 1, h: true };
const toRole = (role: RoleId): TestRecipient => ({ m: role, g: 1, h: true });

export const toAccount = ({ account, boxKey }: TestAccount): TestRecipient => ({
  m: account,
  g: boxKey.gen,
  h: true,
});

/** A patient conversation (or its sidebar) of one team role, made by `author` who holds it. */
export async function makeThread(
  practice: TestPractice,
  at: { author: TestAccount; role: RoleId; kind?: 'patient' | 'sidebar'; parent?: ConversationId },
): Promise<TestConversation> {
  const conversation = new TestConversation(practice.org);
  await practice.follow(conversation, at.author);
  const op: EntryOp = {
    op: 'create',
    kind: at.kind ?? 'patient',
    members: [{ m: at.role, hist: true }],
    role: null,
    parent: at.parent ?? null,
  };
  const entry = conversation.entry(at.author, op, {
    recipients: [toRole(at.role), CUSTODIAN_BOX],
    newGeneration: true,
  });
  const body = { conv: conversation.conv, ...entryText(entry) };
  await expectOk(practice.post('/v1/conversations', body, at.author));
  conversation.accepted(entry, true);
  return conversation;
}

export async function postEntry(
  practice: TestPractice,
  conversation: TestConversation,
  by: { entry: SignedEntry; author: TestAccount },
): Promise<Answer> {
  const { entry: b, boxes } = entryText(by.entry);
  const path = `/v1/conversations/${conversation.conv}/items`;
  return practice.post(path, { k: 'entry', b, boxes }, by.author);
}

/** The `invite` entry for a link: a pseudo-member with the link's box key. */
export async function inviteInto(
  practice: TestPractice,
  conversation: TestConversation,
  what: { author: TestAccount; link: TestLink; changes?: object },
): Promise<Answer> {
  const { author, link } = what;
  await practice.follow(conversation, author);
  const { invitation, account, key } = link.invitation;
  const op = {
    op: 'invite',
    invitation,
    account,
    sigPub: key.pub,
    boxPub: random(1216),
    notAfter: practice.org.now + 3_600_000,
    hist: true,
    because: null,
    ...what.changes,
  } as EntryOp;
  const recipients = [{ m: account, g: 0, h: true }];
  const entry = conversation.entry(author, op, { recipients, newGeneration: false });
  const answer = await postEntry(practice, conversation, { entry, author });
  if (answer.status === 200) conversation.accepted(entry, false);
  return answer;
}

/** The `claim` entry of an account that has claimed its link. */
export async function claimIn(
  practice: TestPractice,
  conversation: TestConversation,
  what: { patient: TestAccount; link: TestLink; key?: TestKey },
): Promise<Answer> {
  const { patient, link } = what;
  await practice.follow(conversation, patient);
  const { invitation, account } = link.invitation;
  const binding = {
    conv: conversation.conv,
    prev: conversation.head ?? new Uint8Array(32),
    invitation,
    account,
    dk: patient.device.dk,
  };
  const proof = (what.key ?? link.invitation.key).sign(claimProofInput(digest, binding));
  const op: EntryOp = { op: 'claim', invitation, account, proof };
  const entry = conversation.entry(patient, op, { recipients: [toAccount(patient)], newGeneration: false });
  const answer = await postEntry(practice, conversation, { entry, author: patient });
  if (answer.status === 200) conversation.accepted(entry, false);
  return answer;
}

/** New keys for the role and these accounts. */
export async function rotate(
  practice: TestPractice,
  conversation: TestConversation,
  what: { author: TestAccount; role: RoleId; patients: readonly TestAccount[]; reason?: 'left' | 'age' },
): Promise<Answer> {
  const { author, role, patients, reason = 'left' } = what;
  await practice.follow(conversation, author);
  const recipients = [toRole(role), ...patients.map(toAccount), CUSTODIAN_BOX];
  const entry = conversation.entry(author, { op: 'rotate', reason }, { recipients, newGeneration: true });
  const answer = await postEntry(practice, conversation, { entry, author });
  if (answer.status === 200) conversation.accepted(entry, true);
  return answer;
}

/** Takes an account out; what follows is sealed to the role and to those that stay. */
export async function takeOut(
  practice: TestPractice,
  conversation: TestConversation,
  what: { author: TestAccount; role: RoleId; account: TestAccount; stay?: readonly TestAccount[] },
): Promise<Answer> {
  const { author, role, account, stay = [] } = what;
  await practice.follow(conversation, author);
  const op: EntryOp = { op: 'remove', members: [account.account], because: null };
  const recipients = [toRole(role), ...stay.map(toAccount), CUSTODIAN_BOX];
  const entry = conversation.entry(author, op, { recipients, newGeneration: true });
  const answer = await postEntry(practice, conversation, { entry, author });
  if (answer.status === 200) conversation.accepted(entry, true);
  return answer;
}
