import { describe, expect, it } from 'vitest';
import { followUpDueMs } from '../index.ts';

const MINUTE = 60_000;
const due = (contract: 'reply' | 'talk' | 'stat', deadline: number, acknowledged: number): number =>
  followUpDueMs({ contract, deadline }, acknowledged, 48 * 60 * MINUTE);

describe('an acknowledged baton that nobody answers', () => {
  it('comes back by the time that the sender was promised', () => {
    expect(due('reply', 240 * MINUTE, 5 * MINUTE)).toBe(240 * MINUTE);
    expect(due('talk', 30 * MINUTE, 5 * MINUTE)).toBe(30 * MINUTE);
  });

  it('comes back by the ladder where that is earlier, or the promise is over', () => {
    expect(followUpDueMs({ contract: 'reply', deadline: 240 * MINUTE }, 0, 60 * MINUTE)).toBe(60 * MINUTE);
    expect(due('reply', 10 * MINUTE, 20 * MINUTE)).toBe((48 * 60 + 20) * MINUTE);
  });

  it('keeps a stat promise by being acknowledged', () => {
    expect(due('stat', 5 * MINUTE, MINUTE)).toBe((48 * 60 + 1) * MINUTE);
  });
});
