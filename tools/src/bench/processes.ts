import { type ChildProcess, fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Load, LoadResult } from './load.ts';

/** Forks a script of this folder and waits for its first message. */
export function forkScript<T>(
  name: string,
  args: readonly string[],
): Promise<{ child: ChildProcess; message: T }> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL(name, import.meta.url)), [...args], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.once('message', (message) => resolve({ child, message: message as T }));
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)));
  });
}

/** Runs one load in its own process. `folder` is for its input file. */
export async function runLoad(load: Load, folder: string): Promise<LoadResult> {
  const file = join(folder, 'load.json');
  writeFileSync(file, JSON.stringify(load));
  const { message } = await forkScript<{ result?: LoadResult; error?: string }>('load.ts', [file]);
  if (message.result === undefined) throw new Error(message.error ?? 'the load ended without a result');
  return message.result;
}
