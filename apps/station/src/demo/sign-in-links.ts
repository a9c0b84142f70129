import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PatientLink } from './patients.ts';
import type { StaffMember } from './staff.ts';

/** `<demo dir>/links.json`: whoever can read it can sign in, so it is the owner's alone. */
export const LINKS_FILE = 'links.json';

/** Writes the personas' sign-in links, and the invitations of patients who have not come in, in one step, readable by the owner only. */
export function writeSignInLinks(
  dir: string,
  staff: readonly StaffMember[],
  patients: readonly PatientLink[],
): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  const links = staff
    .filter((member) => member.persona !== null)
    .map((member) => ({ name: member.session.me.read().name, job: member.persona, url: member.link }));
  const draft = join(dir, `${LINKS_FILE}.new`);
  writeFileSync(draft, `${JSON.stringify({ links, patients }, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, join(dir, LINKS_FILE));
}
