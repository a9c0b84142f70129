import { makeGenerationKeys, sealEnvelope } from '@baton/crypto';
import { nodePrimitives, nodeRng } from '@baton/client-node';
import { newId, Secret } from '@baton/kernel';
import { API_PREFIX, contentCodec, encodeClientFrame, encodeServerFrame, SYNC_VERSION } from '@baton/wire';
import type { Load, LoadSender } from './load.ts';
import type { SendingDevice } from './sending-device.ts';
import type { Sender } from './sending-practice.ts';

/** A message of about 1 KiB, as in the figure for sealing. */
const TEXT = 'Patient resting, pain 3 of 10, next dose at 21:00. '.repeat(20);

/** Ready-made `append` frames: each sender's device seals and signs its own, under keys that the server never sees anyway. */
export async function makeSealedLoad(input: {
  readonly serverUrl: string;
  readonly senders: readonly Sender[];
  /** Messages of each sender. */
  readonly each: number;
  /** Devices that are sent what is committed meanwhile. */
  readonly listeners?: readonly SendingDevice[];
}): Promise<{ readonly load: Load; readonly bodyBytes: number }> {
  const url = `${input.serverUrl.replace('http', 'ws')}${API_PREFIX}/sync`;
  let bodyBytes = 0;
  const senders: LoadSender[] = [];
  for (const sender of input.senders) {
    const bodies = await sealBodies(sender, input.each);
    bodyBytes = bodies[0]?.length ?? 0;
    const frames = bodies.map((b, index) =>
      base64(
        encodeClientFrame({
          t: 'append',
          q: index + 1,
          conv: sender.conv,
          k: 'envelope',
          b,
          boxes: [],
          escalation: null,
        }),
      ),
    );
    senders.push({ url, headers: bearer(sender.device.token), hello: null, frames });
  }
  const listeners = (input.listeners ?? []).map(({ token }) => ({
    url,
    headers: bearer(token),
    hello: base64(encodeClientFrame({ t: 'hello', v: SYNC_VERSION, cursor: 0 })),
    frames: [],
  }));
  return { load: { senders, listeners, ...answerMarks() }, bodyBytes };
}

async function sealBodies({ device, conv, header }: Sender, count: number): Promise<Uint8Array[]> {
  const primitives = await nodePrimitives();
  const secrets = { gk: Secret.of(nodeRng.bytes(32)), hl: null };
  const keys = makeGenerationKeys(primitives, { conv, gen: header.gen, secrets });
  const content = contentCodec.encode({
    t: 'message',
    text: TEXT,
    attachments: [],
    mentions: [],
    quote: null,
    template: null,
    request: null,
  });
  return Promise.all(
    Array.from({ length: count }, () =>
      sealEnvelope(
        { primitives, rng: nodeRng },
        {
          header: { ...header, id: newId('message', nodeRng), ts: Date.now() },
          keys,
          signer: device.deviceKey,
          content,
        },
      ),
    ),
  );
}

/** How an `ok` with a receipt begins on the wire and what a `no` has near its beginning, so that the load need not decode what it counts. */
function answerMarks(): Pick<Load, 'ackMark' | 'failMark'> {
  const empty = { seq: 1, batch: 1, ts: 1, receipt: new Uint8Array(1), index: 0, path: [], replay: false };
  const ack = latin1(encodeServerFrame({ t: 'ok', q: 1, a: empty }));
  const fail = latin1(encodeServerFrame({ t: 'no', q: 1, code: 'limit.busy', at: '', retryMs: 0 }));
  const [ackEnd, failAt] = [ack.indexOf('bts') + 3, fail.indexOf('atbno')];
  if (ackEnd < 3 || failAt < 0) throw new Error('the frames begin in another way now');
  return { ackMark: ack.slice(0, ackEnd), failMark: fail.slice(failAt, failAt + 5) };
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
