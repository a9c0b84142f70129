import ts from 'typescript';
import { codeFiles, lineOf, parse, walk } from './sources.ts';
import type { Check, Violation } from './violation.ts';

const MOCKS = new Set(['vi.mock', 'vi.doMock']);

/** Tests promise something about our modules, so they use them as they are. */
export const mocks: Check = {
  rule: 'mocks',
  run(repo) {
    const found: Violation[] = [];
    for (const file of codeFiles(repo)) {
      const source = parse(repo, file);
      walk(source, (node) => {
        if (!ts.isCallExpression(node) || !MOCKS.has(node.expression.getText(source))) return;
        const target = node.arguments[0]?.getText(source) ?? '';
        if (!/['"`](\.|@baton\/)/.test(target)) return;
        found.push({
          file,
          line: lineOf(source, node.getStart(source)),
          rule: 'mocks',
          what: `${target} is replaced by a mock.`,
          why: 'A mock of our own module shows that the test agrees with the mock.',
          todo: 'Pass a real port (the kernel has Clock, Rng, Timers), or run the real thing from the testkit.',
        });
      });
    }
    return found;
  },
};
