// Writes protocol/vectors/wire: node tools/src/vectors/ledger-vectors.ts
// A change of these files is a change of the protocol and needs a new version of the objects concerned.

import { writeFileSync } from 'node:fs';
import { makeBatonVectors } from './baton-vectors.ts';
import { makeConversationVectors } from './conversation-vectors.ts';
import { fromHex, makeKeyLogVectors } from './key-log-vectors.ts';
import { makeProgrammeVectors } from './programme-vectors.ts';
import { makeProofVectors } from './proof-vectors.ts';

export const VECTOR_FOLDER = new URL('../../../protocol/vectors/wire/', import.meta.url);

/** File name -> content. The same on every run and every machine. */
export function makeLedgerVectors(): ReadonlyMap<string, string> {
  const keylog = makeKeyLogVectors();
  const conversation = makeConversationVectors(keylog);
  const newest = conversation.entries.at(-1);
  if (newest === undefined) throw new Error('no entries');
  const files = {
    'key-log.json': keylog,
    'conversation.json': conversation,
    'batons.json': makeBatonVectors(),
    'programmes.json': makeProgrammeVectors(),
    'proofs.json': makeProofVectors(keylog, fromHex(newest.hash)),
  };
  return new Map(Object.entries(files).map(([name, value]) => [name, `${JSON.stringify(value, null, 1)}\n`]));
}

if (import.meta.main) {
  for (const [name, content] of makeLedgerVectors()) writeFileSync(new URL(name, VECTOR_FOLDER), content);
}
