import type { Exploration, Protocol } from '@baton/clinical';

/** What the worker is asked, and what it answers. */
export interface ExploreAnswer {
  readonly exploration: Exploration | null;
}

const known = new Map<string, Promise<Exploration>>();

/** Goes through the whole document, beside the screen: a large one takes seconds. Asked once for each text. */
export function explore(body: string, protocol: Protocol): Promise<Exploration> {
  const asked = known.get(body);
  if (asked) return asked;
  const asking = inWorker(protocol);
  known.set(body, asking);
  asking.catch(() => known.delete(body));
  return asking;
}

function inWorker(protocol: Protocol): Promise<Exploration> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./explore-worker.ts', import.meta.url), { type: 'module' });
    const end = (): void => worker.terminate();
    worker.addEventListener('message', (event: MessageEvent<ExploreAnswer>) => {
      end();
      const { exploration } = event.data;
      if (exploration) resolve(exploration);
      else reject(new Error('not explored'));
    });
    worker.addEventListener('error', (event) => {
      end();
      reject(new Error(event.message));
    });
    worker.postMessage(protocol, []);
  });
}
