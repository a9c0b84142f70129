import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { createLogger, describeError, type LogFields } from './logger.ts';

function collect(): { lines: string[]; destination: Writable } {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { lines, destination };
}

it('writes the fields of its list and drops everything else, whatever the types were told', () => {
  const { lines, destination } = collect();
  const log = createLogger({ level: 'debug', destination });
  const smuggled = { code: 'auth.failed', patient: 'Jane Canary', body: { text: 'canary' } } as LogFields;
  log.info('refused', smuggled);
  log.warn('failed', { route: { nested: 'Jane Canary' } as unknown as string, status: 500 });
  expect(lines.join('')).not.toContain('anary');
  expect(JSON.parse(lines[0]!)).toMatchObject({ code: 'auth.failed', msg: 'refused' });
  expect(JSON.parse(lines[1]!)).toMatchObject({ status: 500, msg: 'failed' });
});

it('says of an error what it was and where, never what it said', () => {
  const error = Object.assign(new RangeError('duplicate key (login)=(jane@canary)'), { code: '23505' });
  const described = describeError(error);
  expect(described).toMatchObject({ errorName: 'RangeError', sqlState: '23505' });
  expect(described.errorAt).toContain('logger.test.ts');
  expect(JSON.stringify(described)).not.toContain('canary');
  expect(describeError('canary')).toEqual({ errorName: 'string' });
  expect(describeError(Object.assign(new Error('x'), { code: 'jane canary <x>' }))).not.toHaveProperty(
    'sqlState',
  );
});
