import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Expectation, type LabelledReply, readReplies } from '@baton/clinical';

const FOLDER = join(import.meta.dirname, '../../../packages/clinical/content/understanding/samples');
const FILES = [
  ['replies.en.txt', 'en'],
  ['replies.es.txt', 'es'],
  ['replies.mixed.txt', 'mixed'],
  ['danger.en.txt', 'en'],
  ['danger.es.txt', 'es'],
] as const;

const digest = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

/** All labelled replies of the repository, without the fresh ones. */
export function readReplyFiles(): readonly LabelledReply[] {
  return FILES.flatMap(([name, language]) => readReplies(read(name), { language, digest }));
}

/** Replies that were written after the rules, by round; the rules learned from each after it was first tried. */
export function readFreshReplies(round: number): readonly LabelledReply[] {
  return FILES.flatMap(([name, language]) => {
    const own = name.startsWith('replies') ? name.slice('replies'.length) : `-${name}`;
    return readReplies(read(`fresh-${round}${own}`), { language, digest });
  });
}

/** The questions that they answer. */
export function readQuestions(): Readonly<Record<string, Expectation>> {
  const all = JSON.parse(read('questions.json')) as Record<string, { readonly expectation: Expectation }>;
  return Object.fromEntries(Object.entries(all).map(([name, { expectation }]) => [name, expectation]));
}
