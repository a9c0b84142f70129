import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DueHeap } from './due-heap.ts';

const acts = fc.array(
  fc.oneof(
    fc.record({
      t: fc.constant('set' as const),
      key: fc.integer({ min: 0, max: 30 }),
      at: fc.integer({ min: 0, max: 100 }),
    }),
    fc.record({ t: fc.constant('take' as const), at: fc.integer({ min: 0, max: 120 }) }),
  ),
  { maxLength: 200 },
);

it('gives every key once, the earliest first, and none before its time', () => {
  fc.assert(
    fc.property(acts, (list) => {
      const heap = new DueHeap();
      const model = new Map<string, number>();
      for (const act of list) {
        if (act.t === 'set') {
          heap.set(String(act.key), act.at);
          model.set(String(act.key), act.at);
          continue;
        }
        const earliest = Math.min(Number.POSITIVE_INFINITY, ...model.values());
        const taken = heap.take(act.at);
        if (taken === null) expect(earliest).toBeGreaterThan(act.at);
        else {
          expect(model.get(taken)).toBe(earliest);
          expect(earliest).toBeLessThanOrEqual(act.at);
          model.delete(taken);
        }
        expect(heap.size).toBe(model.size);
        expect(heap.nextAt()).toBe(model.size === 0 ? null : Math.min(...model.values()));
      }
    }),
  );
});
