import { spawn } from 'node:child_process';

export interface CommandResult {
  readonly code: number;
  readonly output: string;
  readonly timedOut: boolean;
}

export interface Command {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly timeoutMs: number;
}

const KEEP_CHARS = 4_000_000;

/**
 * Runs this Node with `args`, without standard input. The child leads a process group of its own, so that a stage that
 * hangs, or an interrupted run, takes its servers and browsers with it.
 */
export function runNode({ args, cwd, timeoutMs }: Command): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      // CI: no snapshot is written, no `.only` is accepted. NO_COLOR: the output is stored and printed later.
      env: { ...process.env, CI: 'true', NO_COLOR: '1', FORCE_COLOR: '0' },
    });
    let output = '';
    let timedOut = false;
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-KEEP_CHARS);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);

    const killGroup = (signal: NodeJS.Signals): void => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, signal);
      } catch {
        // The group is gone already, which is what was wanted.
      }
    };
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup('SIGTERM');
      setTimeout(() => killGroup('SIGKILL'), 5_000).unref();
    }, timeoutMs);
    const onSignal = (signal: NodeJS.Signals): void => {
      killGroup(signal);
      process.exitCode = 130;
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);

    const finish = (code: number): void => {
      clearTimeout(timer);
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
      resolve({ code, output, timedOut });
    };
    child.on('error', (error) => {
      output += error.message;
      finish(127);
    });
    // 'exit', not 'close': a server that a test left behind may hold the pipes open for ever.
    child.on('exit', (code) => {
      setTimeout(() => {
        killGroup('SIGKILL');
        finish(code ?? 1);
      }, 200);
    });
  });
}
