import { describe, expect, it } from 'vitest';
import { labelField } from './fields.ts';

describe('a label', () => {
  it('takes names as people have them', () => {
    for (const name of ['Ann Lee', 'Zoë O’Brien-Núñez', '王小明', 'محمد', 'می‌خواهم', 'क्‍ष'])
      expect(labelField.safeParse(name).success, name).toBe(true);
  });

  it('takes nothing that cannot be seen or that turns the direction: one name must not pass for another', () => {
    const hidden = [0x00, 0x0a, 0x85, 0xad, 0x061c, 0x200b, 0x200e, 0x202e, 0x2028, 0x2060, 0x2066, 0xfeff];
    for (const code of hidden) {
      const name = `Ann${String.fromCodePoint(code)} Lee`;
      expect(labelField.safeParse(name).success, code.toString(16)).toBe(false);
    }
    for (const name of ['', ' Ann', 'Ann ', 'x'.repeat(121)])
      expect(labelField.safeParse(name).success).toBe(false);
  });
});
