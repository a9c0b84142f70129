import type { Failure, Stage } from '../stages/stage.ts';
import { WAIVERS, type Waiver } from './allowances.ts';
import { CHECKS, judge, staleExceptions } from './judge.ts';
import { openRepo } from './repo.ts';
import { formatViolation, type Violation } from './violation.ts';

/** Every house rule counts as one test. */
export const houseStage: Stage = {
  name: 'house',
  run(root) {
    const repo = openRepo(root);
    const used = new Set<Waiver>();
    const failures: Failure[] = [];
    const record = (name: string, violations: readonly Violation[]): void => {
      if (violations.length === 0) return;
      failures.push({ name, text: violations.map(formatViolation).join('\n') });
    };
    for (const check of CHECKS) record(check.rule, judge(repo, check, WAIVERS, used));
    record('waivers', staleExceptions(repo, used));
    const passed = CHECKS.length + 1 - failures.length;
    return Promise.resolve({ passed, failures, note: `${repo.files.length} files` });
  },
};
