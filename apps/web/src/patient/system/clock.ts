// The patient's page has its clock and timers here and nowhere else.

/** Runs the task once after `delayMs`; what it answers cancels it, any number of times. */
export function after(delayMs: number, task: () => void): () => void {
  const timer = setTimeout(task, delayMs);
  return () => clearTimeout(timer);
}

/** Runs the task every `everyMs`; what it answers ends that. */
export function every(everyMs: number, task: () => void): () => void {
  const timer = setInterval(task, everyMs);
  return () => clearInterval(timer);
}

/** Milliseconds on a clock that only runs forward: for spans, never for times of day. */
export function spanMs(): number {
  return performance.now();
}
