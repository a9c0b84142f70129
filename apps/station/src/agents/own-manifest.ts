import type { LiveSession } from '@baton/client';
import type { AccountId } from '@baton/kernel';
import type { Manifest } from '@baton/wire';
import { digestProgram, findProgram } from './program-folder.ts';

export type ManifestWish = Parameters<LiveSession['agents']['invite']>[0]['manifest'];

/** What a program of this station asks for, with the digest of its code here, the hosts that its settings need, and who answers for it. */
export function ownManifest(
  base: Pick<Manifest, 'program' | 'purposes' | 'access' | 'duty'>,
  rest: { readonly responsible: AccountId; readonly hosts: readonly string[] },
): ManifestWish {
  const program = findProgram(base.program);
  if (program === null) throw new Error(`This station has no program "${base.program}".`);
  const { purposes, access, duty } = base;
  return {
    program: base.program,
    purposes: [...purposes],
    access: access.map((kind) => ({ ...kind, writes: [...kind.writes] })),
    duty,
    hosts: [...rest.hosts],
    code: digestProgram(program.folder),
    responsible: rest.responsible,
  };
}
