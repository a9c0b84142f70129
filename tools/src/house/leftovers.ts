import ts from 'typescript';
import { codeFiles, isTest, lineOf, parse, walk } from './sources.ts';
import type { Check, Repo, Violation } from './violation.ts';

// The brackets keep this file from finding itself.
const MARKS = /\b([T]ODO|[F]IXME|[X]XX|[H]ACK)\b/;
const SILENCED = /[/][/*] *(oxlint|eslint)-disable|@ts-[i]gnore|@ts-[n]ocheck/;
const REASON = /-disable-next-line [\w@/, -]+ -- \S+ \S+/;
const TEXT = /\.(ts|tsx|cjs|mjs|js|css|html|sql|sh|ya?ml)$/;
const RUNNERS = new Set(['it', 'test', 'describe', 'suite', 'bench']);
const SWITCHED_OFF = new Set(['only', 'skip', 'todo', 'fails']);
const OTHER_NAMES = new Set(['xit', 'xtest', 'xdescribe', 'fit', 'fdescribe']);

/** Nothing is left for later in the code, and no test is switched off. */
export const leftovers: Check = {
  rule: 'leftovers',
  run: (repo) => [...marks(repo), ...silencedRules(repo), ...switchedOffTests(repo)],
};

function marks(repo: Repo): Violation[] {
  const found: Violation[] = [];
  for (const file of repo.files.filter((path) => TEXT.test(path))) {
    repo
      .read(file)
      .split('\n')
      .forEach((text, index) => {
        const mark = MARKS.exec(text)?.[0];
        if (mark === undefined) return;
        found.push({
          file,
          line: index + 1,
          rule: 'leftovers',
          what: `${mark} in the code.`,
          why: 'A note in the code is seen by whoever comes by, not by whoever decides what is done next.',
          todo: 'Do it now, or write an issue and say in the code what holds today.',
        });
      });
  }
  return found;
}

function silencedRules(repo: Repo): Violation[] {
  const found: Violation[] = [];
  for (const file of codeFiles(repo)) {
    for (const [index, text] of repo.read(file).split('\n').entries()) {
      if (!SILENCED.test(text) || REASON.test(text)) continue;
      found.push({
        file,
        line: index + 1,
        rule: 'leftovers',
        what: 'A rule is silenced without a reason.',
        why: 'Nobody can tell later whether the reason still holds.',
        todo: 'Name the one rule, for the next line only, and write the reason behind " -- ".',
      });
    }
  }
  return found;
}

function switchedOffTests(repo: Repo): Violation[] {
  const found: Violation[] = [];
  for (const file of codeFiles(repo).filter(isTest)) {
    const source = parse(repo, file);
    walk(source, (node) => {
      const name = switchedOff(node);
      if (name === null) return;
      found.push({
        file,
        line: lineOf(source, node.getStart(source)),
        rule: 'leftovers',
        what: `${name} switches tests off.`,
        why: 'A test that does not run looks like one that passes.',
        todo: 'Mend the test or remove it; where a machine cannot run it, use skipIf with the condition.',
      });
    });
  }
  return found;
}

function switchedOff(node: ts.Node): string | null {
  if (
    ts.isCallExpression(node) &&
    ts.isIdentifier(node.expression) &&
    OTHER_NAMES.has(node.expression.text)
  ) {
    return node.expression.text;
  }
  if (!ts.isPropertyAccessExpression(node) || !SWITCHED_OFF.has(node.name.text)) return null;
  const base = node.expression.getText().split('.')[0] ?? '';
  return RUNNERS.has(base) ? `${base}.${node.name.text}` : null;
}
