import { createInterface } from 'node:readline';
import { type Readable, Writable } from 'node:stream';

/** Asks a person at a terminal, or takes what is piped in, one line an answer. */
export interface Prompt {
  /** null when there will be no more answers (end of input, Ctrl-C). */
  ask(question: string): Promise<string | null>;
  /** The same; what is typed leaves no trace on the screen. */
  askHidden(question: string): Promise<string | null>;
  close(): void;
}

export interface PromptStreams {
  readonly input: Readable & { readonly isTTY?: boolean };
  /** Questions go here, so that standard output holds the report alone. */
  readonly output: Writable;
}

/**
 * One reader for all questions: answers that are piped in arrive together, and a second reader would not see what the first has taken.
 */
export function openPrompt({ input, output }: PromptStreams): Prompt {
  const terminal = input.isTTY === true;
  let hidden = false;
  const echo = new Writable({
    write(chunk, _encoding, done) {
      if (!hidden) output.write(chunk);
      done();
    },
  });
  const reader = createInterface({ input, output: echo, terminal });
  const given: string[] = [];
  let waiting: ((line: string | null) => void) | null = null;
  let ended = false;
  const settle = (line: string | null): void => {
    waiting?.(line);
    waiting = null;
  };
  reader.on('line', (line) => {
    if (waiting === null) given.push(line);
    else settle(line);
  });
  reader.on('close', () => {
    ended = true;
    settle(null);
  });
  reader.on('SIGINT', () => reader.close());

  const ask = async (question: string): Promise<string | null> => {
    output.write(question);
    const line = given.shift();
    if (line !== undefined) return line;
    if (ended) return null;
    return new Promise((resolve) => {
      waiting = resolve;
    });
  };
  return {
    ask,
    async askHidden(question) {
      hidden = terminal;
      try {
        return await ask(question);
      } finally {
        hidden = false;
        if (terminal) output.write('\n');
      }
    },
    close: () => reader.close(),
  };
}
