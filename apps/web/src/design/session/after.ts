/** Runs the task once after `delayMs`; what it answers cancels it, any number of times. The screens' only timer. */
export function after(delayMs: number, task: () => void): () => void {
  const timer = setTimeout(task, delayMs);
  return () => clearTimeout(timer);
}
