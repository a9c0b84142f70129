import { runNode } from './command.ts';
import type { Failure, Stage, StageResult } from './stage.ts';

const TIMEOUT_MS = 180_000;
const TYPE_CONFIGS = [
  'tsconfig.pure.json',
  'tsconfig.node.json',
  'tsconfig.web.json',
  'tsconfig.patient.json',
  'tsconfig.web-tests.json',
] as const;
/** tsc's answer to a config none of whose folders holds a source file yet. */
const NO_INPUTS = 'error TS18003';

export const formatStage: Stage = {
  name: 'format',
  run: (root) =>
    oneCheck(root, {
      name: 'biome',
      args: ['node_modules/@biomejs/biome/bin/biome', 'format', '--max-diagnostics=60', '.'],
      todo: 'npm run format',
    }),
};

export const lintStage: Stage = {
  name: 'lint',
  run: (root) =>
    oneCheck(root, {
      name: 'oxlint',
      args: [
        'node_modules/oxlint/bin/oxlint',
        '--type-aware',
        '--deny-warnings',
        '--report-unused-disable-directives',
        '--format=unix',
        '.',
      ],
      todo: 'each line names the file, the line and the rule',
    }),
};

export const typesStage: Stage = {
  name: 'types',
  async run(root) {
    const failures: Failure[] = [];
    const empty: string[] = [];
    for (const config of TYPE_CONFIGS) {
      const result = await runNode({
        args: ['node_modules/@typescript/native/bin/tsc', '--pretty', 'false', '-p', config],
        cwd: root,
        timeoutMs: TIMEOUT_MS,
      });
      if (result.output.includes(NO_INPUTS)) empty.push(config);
      else if (result.code !== 0) failures.push({ name: config, text: result.output.trim() });
    }
    const passed = TYPE_CONFIGS.length - failures.length - empty.length;
    return { passed, failures, note: empty.length === 0 ? '' : `no files: ${empty.join(', ')}` };
  },
};

interface OneCheck {
  readonly name: string;
  readonly args: readonly string[];
  readonly todo: string;
}

async function oneCheck(root: string, { name, args, todo }: OneCheck): Promise<StageResult> {
  const result = await runNode({ args, cwd: root, timeoutMs: TIMEOUT_MS });
  if (result.code === 0) return { passed: 1, failures: [], note: '' };
  return { passed: 0, failures: [{ name, text: `${result.output.trim()}\nWhat to do: ${todo}` }], note: '' };
}
