import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

/** A text or voice notice to a telephone. */
export interface Notice {
  /** The same for every try of one attempt. */
  readonly id: string;
  /** E.164. */
  readonly phone: string;
  readonly voice: boolean;
  readonly text: string;
  /** Parts that a text message of it takes. */
  readonly segments: number;
}

/** A way to a telephone. A rejection means that it did not go out and may be tried again. */
export interface NoticeChannel {
  readonly name: string;
  send(notice: Notice): Promise<void>;
}

/** Writes to the terminal, for trying things out; of the number it shows the end only. */
export function createConsoleChannel(write: (line: string) => void): NoticeChannel {
  return {
    name: 'console',
    async send({ phone, voice, text }) {
      write(`${voice ? 'voice notice' : 'text notice'} to …${phone.slice(-2)}: ${text}\n`);
    },
  };
}

/** One JSON line for each notice, flushed before it counts as sent; the file is its owner's alone. A gateway can read it from there. */
export function createFileChannel(options: { path: string; nowMs: () => number }): NoticeChannel {
  return {
    name: 'file',
    async send({ id, phone, voice, text, segments }) {
      const line = JSON.stringify({
        id,
        at: new Date(options.nowMs()).toISOString(),
        phone,
        voice,
        text,
        segments,
      });
      const file = openSync(options.path, 'a', 0o600);
      try {
        writeSync(file, `${line}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    },
  };
}

/** Several as one: a notice counts as sent when one of them took it. */
export function joinChannels(channels: readonly NoticeChannel[]): NoticeChannel | null {
  const [first, ...others] = channels;
  if (first === undefined || others.length === 0) return first ?? null;
  return {
    name: channels.map(({ name }) => name).join('+'),
    async send(notice) {
      const results = await Promise.allSettled(channels.map((channel) => channel.send(notice)));
      const [failure] = results.filter((result) => result.status === 'rejected');
      if (failure !== undefined && results.every(({ status }) => status === 'rejected')) throw failure.reason;
    },
  };
}
