import { type Bytes, decodeBase64Url, encodeHex } from '@baton/kernel';
import { type Digest, openStatement } from '@baton/ledger';
import { inclusionBody, type Statement } from '@baton/wire';
import { ClientError } from '../failure.ts';
import type { Rest } from '../rest/rest.ts';

export interface PlacedStatement {
  readonly index: number;
  readonly b: Bytes;
  readonly body: Statement;
}

export interface StatementNeeds {
  readonly accounts: ReadonlySet<string>;
  readonly roles: ReadonlySet<string>;
}

/**
 * The statements that show who these accounts are: organisation and enrolment keys, invitations, identities, grants and revocations, and
 * the names of the roles. Whoever invited a patient is needed too, so the set of accounts may grow.
 */
export function chooseStatements(
  all: readonly Bytes[],
  needs: StatementNeeds,
  digest: Digest,
): { readonly statements: readonly PlacedStatement[]; readonly accounts: ReadonlySet<string> } {
  const opened = all.map((b, index): PlacedStatement => {
    const statement = openStatement(digest, b);
    if (!statement.ok) throw new ClientError(statement.error.code, 'store.statements');
    return { index, b, body: statement.value.body };
  });
  const accounts = new Set(needs.accounts);
  for (;;) {
    const before = accounts.size;
    for (const { body } of opened)
      if (body.t === 'patient-invitation' && accounts.has(body.account)) accounts.add(body.author);
    if (accounts.size === before) break;
  }
  const statements = opened.filter(({ body }) => isNeeded(body, accounts, needs.roles));
  return { statements, accounts };
}

function isNeeded(body: Statement, accounts: ReadonlySet<string>, roles: ReadonlySet<string>): boolean {
  switch (body.t) {
    case 'org':
    case 'enroller':
      return true;
    case 'invitation':
    case 'patient-invitation':
    case 'account':
    case 'grant':
    case 'revocation':
      return accounts.has(body.account);
    case 'role':
      return roles.has(body.role);
    case 'boxkey':
    case 'custodian':
    case 'rolekey':
      return false;
  }
}

/** Path of each statement to the root of the log at `size`. */
export async function findPaths(
  rest: Rest,
  statements: readonly PlacedStatement[],
  size: number,
  done: (count: number) => void,
): Promise<Map<number, Bytes[]>> {
  const paths = new Map<number, Bytes[]>();
  for (const { index } of statements) {
    const { path } = await rest.call({
      method: 'GET',
      path: '/keylog/inclusion',
      query: { index, size },
      answer: inclusionBody,
    });
    paths.set(index, path.map(bytesOf));
    done(paths.size);
  }
  return paths;
}

export function bytesOf(text: string): Bytes {
  const bytes = decodeBase64Url(text);
  if (!bytes) throw new ClientError('wire.malformed', 'evidence');
  return bytes;
}

/** Certificates that statements name themselves. */
export function certificatesNamedBy(statements: readonly PlacedStatement[]): Map<string, Bytes> {
  const named = new Map<string, Bytes>();
  for (const { body } of statements)
    if (body.t === 'patient-invitation') named.set(encodeHex(body.dk), body.dk);
  return named;
}
