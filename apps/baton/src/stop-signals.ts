import { readFileSync } from 'node:fs';
import { parentOf } from './process-record.ts';

/** npm passes on the Ctrl-C that the terminal has sent us already; a person's second one comes later. */
const SECOND_SIGNAL_AFTER_MS = 700;

/** Aborted by the first signal to end, or the end of the npm that started us; a second signal ends at once. */
export function stopOnSignals({
  startedByNpm,
  log,
}: {
  startedByNpm: boolean;
  log: (line: string) => void;
}): AbortSignal {
  const stop = new AbortController();
  let firstAt = 0;
  const request = (): void => {
    if (stop.signal.aborted) {
      if (Date.now() - firstAt < SECOND_SIGNAL_AFTER_MS) return;
      log('Stopping at once.');
      process.exit(130); // the children are killed on exit, PostgreSQL shuts itself down
    }
    firstAt = Date.now();
    log('\nStopping…');
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, request);
  process.on('disconnect', request);
  if (startedByNpm) watchParent(request);
  return stop.signal;
}

const POLL_MS = 500;

/**
 * Calls `onGone` once the npm that started us is gone: npm dies of a TERM without passing it on, and its children
 * would live on, holding port and data. npm runs scripts through a shell, so two links may have to be watched.
 */
function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  const grandparent = isShell(parent) ? parentOf(parent) : null;
  const timer = setInterval(() => {
    const isGone = process.ppid !== parent || (grandparent !== null && parentOf(parent) !== grandparent);
    if (!isGone) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS);
  timer.unref();
}

function isShell(pid: number): boolean {
  try {
    return /^(sh|dash|bash|ash|busybox|zsh)$/.test(readFileSync(`/proc/${pid}/comm`, 'utf8').trim());
  } catch {
    return false;
  }
}
