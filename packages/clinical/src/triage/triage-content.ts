import { type Bytes, decodeHex, encodeUtf8 } from '@baton/kernel';
import english from '../../content/triage/en.json' with { type: 'json' };
import hash from '../../content/triage/hash.json' with { type: 'json' };
import notice from '../../content/triage/notice.json' with { type: 'json' };
import rules from '../../content/triage/rules.json' with { type: 'json' };
import spanish from '../../content/triage/es.json' with { type: 'json' };

/** What a practice signs off before the rules are shown as its own (`SignOff` of the desk collection). */
export interface TriageContent {
  readonly content: string;
  readonly version: string;
  /** SHA-256 over `canonical`; a test computes it anew. */
  readonly hash: Bytes;
  /** Rules, sources, words of both languages and the emergency notice as JSON with sorted keys, UTF-8. */
  readonly canonical: Bytes;
}

export function triageContent(): TriageContent {
  const all = { ...rules, languages: { en: english, es: spanish }, notice };
  return {
    content: rules.content,
    version: rules.version,
    hash: decodeHex(hash.sha256) ?? new Uint8Array(0),
    canonical: encodeUtf8(JSON.stringify(sortKeys(all))),
  };
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}
