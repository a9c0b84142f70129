import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ERROR_CODES, type ErrorCode, isErrorCode } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../api-error.ts';
import { errorBodyOf } from './failures.ts';

// The catalogue, the page that explains it and the server's use of it are one and the same.

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const CODE = /'((?:wire|ledger|policy|baton|duty|conflict|auth|limit|request|server)\.[a-z_]+)'/g;

function sourcesOf(name: string): string[] {
  const folder = join(root, 'packages', name, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('.test.') && !file.endsWith('error-codes.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
}

describe('the error catalogue', () => {
  const page = readFileSync(join(root, 'docs/protocol/errors.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z_.]+)` \| (\d{3}) \| (.+) \|$/gm)];

  it('is the page', () => {
    const written: Record<string, [number, string]> = {};
    for (const [, code = '', status, sentence = ''] of rows) written[code] = [Number(status), sentence];
    expect(written).toEqual(ERROR_CODES);
  });

  it('has every code that the server and the packages under it use, and no other', () => {
    const used = new Set<string>();
    for (const name of ['server', 'ledger', 'policy', 'wire'])
      for (const source of sourcesOf(name))
        for (const [, code] of source.matchAll(CODE)) used.add(code ?? '');
    // Names of the same form that are no codes.
    for (const code of used) if (!isErrorCode(code)) used.delete(code);
    expect([...used].sort()).toEqual(Object.keys(ERROR_CODES).sort());
  });

  it('gives every code a status and a sentence to act on', () => {
    for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
      const error = new ApiError(code, 'field');
      expect(error.status).toBeGreaterThanOrEqual(400);
      expect(errorBodyOf(error)).toEqual({ code, message: ERROR_CODES[code][1], at: 'field' });
      expect(ERROR_CODES[code][1]).toMatch(/^[A-Z].{15,}\.$/);
    }
  });
});
