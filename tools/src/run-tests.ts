// Everything that must hold, in one command: `npm test`, or `npm test -- unit int` for some stages.
// The last line is `N passed, N failed`.
import { fileURLToPath } from 'node:url';
import { houseStage } from './house/house-stage.ts';
import type { Stage, StageResult } from './stages/stage.ts';
import { formatStage, lintStage, typesStage } from './stages/static-stages.ts';
import { vitestStages } from './stages/vitest-stage.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');
const STAGES: readonly Stage[] = [formatStage, lintStage, typesStage, houseStage, ...vitestStages];

async function main(wanted: readonly string[]): Promise<void> {
  const unknown = wanted.filter((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    console.error(
      `No such stage: ${unknown.join(', ')}. There are: ${STAGES.map((stage) => stage.name).join(' ')}`,
    );
    console.log('0 passed, 1 failed');
    process.exitCode = 2;
    return;
  }
  let passed = 0;
  let failed = 0;
  const outputs: string[] = [];
  for (const stage of STAGES) {
    if (wanted.length > 0 && !wanted.includes(stage.name)) continue;
    const startedMs = performance.now();
    const result = await runStage(stage);
    passed += result.passed;
    failed += result.failures.length;
    report({ stage, result, tookMs: performance.now() - startedMs });
    if (result.output !== undefined) outputs.push(`=== all that ${stage.name} printed\n${result.output}`);
    // Interrupted: what was asked to stop must not start the next stage.
    if (process.exitCode !== undefined) break;
  }
  if (failed > 0) process.exitCode ??= 1;
  for (const output of outputs) console.log(`\n${output}`);
  console.log(`\n${passed} passed, ${failed} failed`);
}

async function runStage(stage: Stage): Promise<StageResult> {
  try {
    return await stage.run(ROOT);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { passed: 0, failures: [{ name: `${stage.name} broke off`, text }], note: '' };
  }
}

interface Outcome {
  readonly stage: Stage;
  readonly result: StageResult;
  readonly tookMs: number;
}

function report({ stage, result, tookMs }: Outcome): void {
  const failed = result.failures.length;
  const note = result.note === '' ? '' : `  (${result.note})`;
  const time = `${(tookMs / 1000).toFixed(1)} s`.padStart(8);
  const mark = failed > 0 ? 'FAIL' : 'ok  ';
  console.log(
    `${mark} ${stage.name.padEnd(7)}${time}  ${result.passed} passed${failed > 0 ? `, ${failed} failed` : ''}${note}`,
  );
  for (const failure of result.failures) show(`${stage.name}: ${failure.name}`, failure.text);
  for (const failure of result.unsteady ?? []) {
    show(`${stage.name}: unsteady (failed beside others, passed alone): ${failure.name}`, failure.text);
  }
}

function show(name: string, text: string): void {
  console.log(`\n--- ${name}\n${text}\n`);
}

await main(process.argv.slice(2));
