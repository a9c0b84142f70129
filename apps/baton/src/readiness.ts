import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from './config.ts';

/** Where the server is reached from this machine. */
export function serverUrl({ host, port }: Config): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Waits until the server is ready to use (with the demo: until that is complete) or nobody wants it any more. */
export async function waitUntilReady({
  config,
  demo,
  stop,
  log,
}: {
  config: Config;
  demo: boolean;
  stop: AbortSignal;
  log: (line: string) => void;
}): Promise<void> {
  const since = Date.now();
  let sayAgainMs = 5000;
  while (!stop.aborted) {
    const answer = await fetch(`${serverUrl(config)}/readyz`, { signal: AbortSignal.timeout(5000) }).catch(
      () => null,
    );
    await answer?.body?.cancel();
    if (answer?.status === 200) return;
    if (Date.now() - since > sayAgainMs) {
      log(demo ? 'Preparing the demo practice…' : 'Waiting for the server to be ready…');
      sayAgainMs *= 3;
    }
    await delay(100);
  }
}
