import ts from 'typescript';
import { type Allowance, CLOCK_ADAPTERS, covers } from './allowances.ts';
import { codeFiles, importsOf, isTest, lineOf, parse, walk } from './sources.ts';
import type { Check, Repo, Violation } from './violation.ts';

const GLOBALS = new Set(['setTimeout', 'setInterval', 'setImmediate', 'requestIdleCallback']);
const MEMBERS = new Set([
  'Date.now',
  'Math.random',
  'performance.now',
  'process.hrtime',
  'crypto.randomUUID',
  'crypto.getRandomValues',
  'Temporal.Now',
]);
const MODULES = new Set(['node:timers', 'node:timers/promises', 'timers', 'timers/promises']);
const CRYPTO_NAMES = new Set(['randomBytes', 'randomUUID', 'randomInt', 'randomFillSync', 'getRandomValues']);
const HOSTS = new Set(['globalThis', 'window', 'self']);

/** No wall clock, randomness or timer outside the adapters; in tests no Math.random, which cannot be repeated. */
export function clockCheck(adapters: readonly Allowance[]): Check {
  return {
    rule: 'clock',
    run(repo) {
      return codeFiles(repo)
        .filter((file) => !file.startsWith('tools/') && !adapters.some((adapter) => covers(adapter, file)))
        .flatMap((file) => (isTest(file) ? unrepeatable(repo, file) : uses(repo, file)));
    },
  };
}

export const clock = clockCheck(CLOCK_ADAPTERS);

function uses(repo: Repo, file: string): Violation[] {
  const source = parse(repo, file);
  const found: Violation[] = [];
  const add = (line: number, name: string): void => {
    found.push({
      file,
      line,
      rule: 'clock',
      what: `${name} outside an adapter.`,
      why: 'Time and chance that arrive as Clock, Timers and Rng can be stepped and repeated in a test.',
      todo: 'Take the port from @baton/kernel; a new adapter is named in tools/src/house/allowances.ts.',
    });
  };
  for (const { specifier, names, line } of importsOf(repo, file)) {
    if (MODULES.has(specifier)) add(line, specifier);
    const random = specifier.endsWith('crypto') ? names.find((name) => CRYPTO_NAMES.has(name)) : undefined;
    if (random !== undefined) add(line, random);
  }
  walk(source, (node) => {
    const name = usedName(node);
    if (name !== null) add(lineOf(source, node.getStart(source)), name);
  });
  return found;
}

function unrepeatable(repo: Repo, file: string): Violation[] {
  const source = parse(repo, file);
  const found: Violation[] = [];
  walk(source, (node) => {
    if (usedName(node) !== 'Math.random') return;
    found.push({
      file,
      line: lineOf(source, node.getStart(source)),
      rule: 'clock',
      what: 'Math.random in a test.',
      why: 'A test that fails once and cannot be repeated helps nobody.',
      todo: 'Draw from a generator with a printed seed (fast-check, or the seeded Rng of the testkit).',
    });
  });
  return found;
}

function usedName(node: ts.Node): string | null {
  if (ts.isNewExpression(node) && textOf(node.expression) === 'Date') {
    return (node.arguments ?? []).length === 0 ? 'new Date()' : null;
  }
  if (ts.isPropertyAccessExpression(node)) {
    const name = `${textOf(node.expression)}.${node.name.text}`;
    if (MEMBERS.has(name)) return name;
    if (HOSTS.has(textOf(node.expression)) && GLOBALS.has(node.name.text)) return node.name.text;
    return null;
  }
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
    if (GLOBALS.has(node.expression.text)) return node.expression.text;
    if (node.expression.text === 'Date') return 'Date()';
  }
  return null;
}

/** `Date` for both `Date` and `globalThis.Date`. */
function textOf(expression: ts.Expression): string {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isPropertyAccessExpression(expression) && HOSTS.has(textOf(expression.expression))) {
    return expression.name.text;
  }
  return '';
}
