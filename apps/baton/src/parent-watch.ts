import { readFileSync } from 'node:fs';
import { parentOf } from './process-record.ts';

const POLL_MS = 500;

/**
 * Calls `onGone` once the npm that started us is gone: npm dies of a TERM without passing it on, and its children
 * would live on, holding port and data. npm runs scripts through a shell, so two links may have to be watched.
 */
export function watchParent(onGone: () => void): { stop(): void } {
  const parent = process.ppid;
  const grandparent = isShell(parent) ? parentOf(parent) : null;
  const timer = setInterval(() => {
    const isGone = process.ppid !== parent || (grandparent !== null && parentOf(parent) !== grandparent);
    if (!isGone) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

function isShell(pid: number): boolean {
  try {
    return /^(sh|dash|bash|ash|busybox|zsh)$/.test(readFileSync(`/proc/${pid}/comm`, 'utf8').trim());
  } catch {
    return false;
  }
}
