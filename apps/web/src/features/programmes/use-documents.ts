import { parseProtocol, type Protocol } from '@baton/clinical';
import { useMemo } from 'react';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import type { Documents } from './cohort/cohort-figures.ts';

const parsed = new Map<string, Protocol | null>();

/** A document as it reads; null where it does not. Parsed once for each text. */
export function documentOf(body: string): Protocol | null {
  const known = parsed.get(body);
  if (known !== undefined) return known;
  const result = parseProtocol(body);
  const protocol = result.ok ? result.protocol : null;
  parsed.set(body, protocol);
  return protocol;
}

/** Documents of the versions that are here. */
export function useDocuments(): Documents {
  const protocols = useLive(useSession().programmes.protocols);
  return useMemo(() => {
    const bodies = new Map(
      protocols.map(({ version }) => [`${version.id}:${version.version}`, version.body]),
    );
    return (id, version) => {
      const body = bodies.get(`${id}:${version}`);
      return body === undefined ? null : documentOf(body);
    };
  }, [protocols]);
}
