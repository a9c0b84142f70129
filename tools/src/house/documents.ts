import type { Check } from './violation.ts';

const LIMITS: Readonly<Record<string, number>> = {
  'README.md': 100,
  'ARCHITECTURE.md': 200,
  'STYLE.md': 150,
};

/** The three documents that everybody reads exist and stay short. */
export const documents: Check = {
  rule: 'documents',
  run(repo) {
    return Object.entries(LIMITS).flatMap(([file, limit]) => {
      const lines = repo.has(file) ? repo.read(file).trimEnd().split('\n').length : 0;
      if (lines > 0 && lines <= limit) return [];
      return {
        file,
        line: 0,
        rule: 'documents' as const,
        what: lines === 0 ? 'is missing.' : `has ${lines} lines; ${limit} is the limit.`,
        why: 'A document that is short is read, and what is read is kept true.',
        todo: 'Say the essential there and put the rest below docs/.',
      };
    });
  },
};
