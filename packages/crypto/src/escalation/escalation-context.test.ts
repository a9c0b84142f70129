import { Secret } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { envelopeHeader, nativePorts } from '../fixtures/practice.ts';
import { openEscalationContext } from './escalation-context.ts';

const { primitives } = await nativePorts();

describe('a message whose header names no context block', () => {
  const header = { v: 1, t: 'envelope', salt: new Uint8Array(32), ...envelopeHeader() } as const;
  const secret = Secret.of(new Uint8Array(32));

  it('has an empty one, and takes none that is handed out beside it', async () => {
    const none = await openEscalationContext(primitives, { header, secret, sealed: new Uint8Array(0) });
    expect(none).toMatchObject({ patient: null, callback: null, quote: null });
    const sealed = new Uint8Array(80);
    await expect(openEscalationContext(primitives, { header, secret, sealed })).rejects.toMatchObject({
      code: 'crypto.wrong_context',
    });
    const asking = { ...header, escalation: { boxes: [], context: new Uint8Array(32) } };
    await expect(
      openEscalationContext(primitives, { header: asking, secret, sealed: new Uint8Array(0) }),
    ).rejects.toMatchObject({ code: 'crypto.wrong_context' });
  });
});
