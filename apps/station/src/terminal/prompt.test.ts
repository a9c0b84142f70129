import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { openPrompt } from './prompt.ts';

function setUp(options: { terminal: boolean }) {
  const input = Object.assign(new PassThrough(), { isTTY: options.terminal });
  const output = new PassThrough();
  let shown = '';
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  return { input, prompt: openPrompt({ input, output }), shown: () => shown };
}

describe('a prompt', () => {
  it('takes several answers that arrive at once', async () => {
    const { input, prompt, shown } = setUp({ terminal: false });
    input.end('maria\nsix words of a passphrase\n123456');
    expect(await prompt.ask('Login: ')).toBe('maria');
    expect(await prompt.askHidden('Passphrase: ')).toBe('six words of a passphrase');
    expect(await prompt.ask('Code: ')).toBe('123456');
    expect(shown()).toBe('Login: Passphrase: Code: ');
  });

  it('takes answers that come one by one', async () => {
    const { input, prompt } = setUp({ terminal: false });
    const first = prompt.ask('Login: ');
    input.write('maria\n');
    expect(await first).toBe('maria');
    const second = prompt.ask('Code: ');
    input.write('12');
    input.write('34\n');
    expect(await second).toBe('1234');
  });

  it('says that there are no more', async () => {
    const { input, prompt } = setUp({ terminal: false });
    const asked = prompt.ask('Login: ');
    input.end();
    expect(await asked).toBeNull();
    expect(await prompt.ask('Code: ')).toBeNull();
  });

  it('shows nothing of a hidden answer at a terminal', async () => {
    const { input, prompt, shown } = setUp({ terminal: true });
    const login = prompt.ask('Login: ');
    input.write('maria\r');
    expect(await login).toBe('maria');
    const passphrase = prompt.askHidden('Passphrase: ');
    input.write('sesame\r');
    expect(await passphrase).toBe('sesame');
    expect(shown()).toContain('maria');
    expect(shown()).not.toContain('sesame');
    prompt.close();
  });

  it('ends with Ctrl-C', async () => {
    const { input, prompt } = setUp({ terminal: true });
    const login = prompt.ask('Login: ');
    input.write('\u0003');
    expect(await login).toBeNull();
  });
});
