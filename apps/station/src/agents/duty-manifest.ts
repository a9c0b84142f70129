import type { LiveSession } from '@baton/client';
import type { AccountId } from '@baton/kernel';
import type { Manifest } from '@baton/wire';
import { digestProgram, findProgram } from './program-folder.ts';

type ManifestWish = Parameters<LiveSession['agents']['invite']>[0]['manifest'];

/** What the duty agent asks for: no more than the program uses (docs/protocol/agents.md §7). */
export function dutyManifest(responsible: AccountId): ManifestWish {
  const program = findProgram('duty');
  if (program === null) throw new Error('This station has no duty program.');
  const access: Manifest['access'] = [
    { kind: 'keyring', history: true, writes: ['members'] },
    { kind: 'collection', history: true, writes: ['put'] },
  ];
  return {
    program: 'duty',
    purposes: [
      'Hands a role over at shift change, as the signed schedule says, also when nobody is online',
      'Can therefore read everything that the roles it is switched on for can read',
      'Writes no messages',
    ],
    access,
    duty: true,
    hosts: [],
    code: digestProgram(program.folder),
    responsible,
  };
}
