import {
  type AccountId,
  type Bytes,
  decodeBase64Url,
  encodeBase64Url,
  type InvitationId,
  parseId,
  Secret,
} from '@baton/kernel';
import { LINK_SECRET_BYTES } from './patient-link.ts';

// What travels in the fragments of links that people hand over: it never reaches the server (sealing.md §9). `publicUrl` has no slash at
// its end. Parsers are total: `null` for anything but the exact form, a leading `#` allowed.

const SECRET_BYTES = 32;
const HASH_BYTES = 32;

export interface JoinLink {
  readonly invitation: InvitationId;
  readonly secret: Secret<Bytes>;
  /** Hash of the org statement: the root of trust that the invited device pins. */
  readonly root: Bytes;
}

export function buildJoinLink(publicUrl: string, { invitation, secret, root }: JoinLink): string {
  return `${publicUrl}/join#${invitation}.${encodeBase64Url(secret.reveal())}.${encodeBase64Url(root)}`;
}

export function parseJoinFragment(fragment: string): JoinLink | null {
  const [first, second, third, ...rest] = partsOf(fragment);
  const invitation = parseId('invitation', first ?? '');
  const secret = bytesOf(second, SECRET_BYTES);
  const root = bytesOf(third, HASH_BYTES);
  if (!invitation || !secret || !root || rest.length > 0) return null;
  return { invitation, secret: Secret.of(secret), root };
}

export interface PatientLink {
  readonly invitation: InvitationId;
  /** 16 bytes. Opens nothing without the code. */
  readonly s: Secret<Bytes>;
  /** Hash of the first org statement, which the phone pins. */
  readonly root: Bytes;
}

export function buildPatientLink(publicUrl: string, { invitation, s, root }: PatientLink): string {
  return `${publicUrl}/p#${invitation}.${encodeBase64Url(s.reveal())}.${encodeBase64Url(root)}`;
}

export function parsePatientFragment(fragment: string): PatientLink | null {
  const [first, second, third, ...rest] = partsOf(fragment);
  const invitation = parseId('invitation', first ?? '');
  const s = bytesOf(second, LINK_SECRET_BYTES);
  const root = bytesOf(third, HASH_BYTES);
  if (!invitation || !s || !root || rest.length > 0) return null;
  return { invitation, s: Secret.of(s), root };
}

export interface DemoLink {
  readonly account: AccountId;
  readonly secret: Secret<Bytes>;
}

export function buildDemoLink(publicUrl: string, { account, secret }: DemoLink): string {
  return `${publicUrl}/demo#${account}.${encodeBase64Url(secret.reveal())}`;
}

export function parseDemoFragment(fragment: string): DemoLink | null {
  const [first, second, ...rest] = partsOf(fragment);
  const account = parseId('account', first ?? '');
  const secret = bytesOf(second, SECRET_BYTES);
  if (!account || !secret || rest.length > 0) return null;
  return { account, secret: Secret.of(secret) };
}

function partsOf(fragment: string): readonly string[] {
  // The longest is a join link's: 24 + 43 + 43 characters and two dots.
  return fragment.length > 200 ? [] : fragment.replace(/^#/, '').split('.');
}

function bytesOf(text: string | undefined, length: number): Bytes | null {
  const bytes = decodeBase64Url(text ?? '');
  return bytes?.length === length ? bytes : null;
}
