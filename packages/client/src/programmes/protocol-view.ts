import type { AccountId } from '@baton/kernel';
import type { ProtocolSigner, ProtocolVersion } from '@baton/wire';
import type { Person } from '../api/directory.ts';
import type { ProtocolView } from '../api/programmes.ts';
import { SIGNING_RIGHTS } from './protocol-acts.ts';
import type { ProtocolVerdict } from '../api/protocol-verdict.ts';

export interface ProtocolViewInput {
  readonly version: ProtocolVersion;
  /** null while it is being judged. */
  readonly verdict: ProtocolVerdict | null;
  readonly patients: number;
  readonly me: AccountId;
  readonly person: (account: AccountId) => Person;
  readonly may: (action: string) => boolean;
}

export function toProtocolView({
  version,
  verdict,
  patients,
  me,
  person,
  may,
}: ProtocolViewInput): ProtocolView {
  const signed = (as: ProtocolSigner): ProtocolView['author'] => {
    const good = verdict?.[as] ?? null;
    return good && { person: person(good.account), at: good.at };
  };
  const canSign = (as: ProtocolSigner): boolean => {
    const other = as === 'author' ? 'clinician' : 'author';
    if (verdict === null || version.state === 'retired' || verdict.why === 'document') return false;
    return may(SIGNING_RIGHTS[as]) && verdict[as] === null && verdict[other]?.account !== me;
  };
  return {
    version,
    author: signed('author'),
    clinician: signed('clinician'),
    mayRun: verdict?.mayRun ?? false,
    why: verdict?.why ?? null,
    refused: verdict?.refused ?? { author: null, clinician: null },
    canSign: { author: canSign('author'), clinician: canSign('clinician') },
    patients,
  };
}
