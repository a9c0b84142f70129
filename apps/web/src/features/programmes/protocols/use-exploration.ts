import type { Exploration, Protocol } from '@baton/clinical';
import { useEffect, useState } from 'react';
import { explore } from './explore.ts';

export type Explored =
  | { readonly t: 'none' }
  | { readonly t: 'running' }
  | { readonly t: 'failed' }
  | { readonly t: 'done'; readonly exploration: Exploration };

/** The exploration of a saved document; `none` where there is nothing to explore. */
export function useExploration(body: string, protocol: Protocol | null): Explored {
  const [found, setFound] = useState<{ readonly of: string; readonly result: Explored } | null>(null);
  useEffect(() => {
    if (protocol === null) return;
    let gone = false;
    explore(body, protocol).then(
      (exploration) => !gone && setFound({ of: body, result: { t: 'done', exploration } }),
      () => !gone && setFound({ of: body, result: { t: 'failed' } }),
    );
    return () => {
      gone = true;
    };
  }, [body, protocol]);
  if (protocol === null) return { t: 'none' };
  return found?.of === body ? found.result : { t: 'running' };
}
