import { adviceText, type Protocol } from '@baton/clinical';
import { programmesKey } from '@baton/wire';
import type { Draft } from './draft.ts';
import type { Inbound, View } from './view.ts';

const WORTH_MS = 24 * 3_600_000;

/** Texts of the protocol's signed list, outside of a dialogue. */
export function sayAdvice(
  draft: Draft,
  {
    protocol,
    ids,
    cause,
  }: { readonly protocol: Protocol; readonly ids: readonly string[]; readonly cause: Inbound | null },
): void {
  const { view } = draft;
  const { enrolment, nowMs } = view;
  for (const id of ids) {
    const text = adviceText(protocol, id, { language: enrolment.language, fill: fillOf(view) });
    if (text === null) continue;
    const until = nowMs + WORTH_MS;
    draft.do({
      t: 'say',
      id: view.newId('message'),
      text,
      prompt: {
        kind: 'check-in',
        about: programmesKey(enrolment),
        step: id,
        choices: [],
        asks: 'none',
        until,
        short: null,
        visit: null,
      },
      replyTo: cause?.id ?? null,
      urgent: false,
      run: null,
      sinceMs: cause?.at ?? nowMs,
      notAfter: until,
    });
  }
}

/** Values of the places in a protocol's texts. */
export function fillOf({ reach, practice, enrolment }: View): Readonly<Record<string, string>> {
  const drug = enrolment.regimen?.drug ?? null;
  return {
    name: reach.given[0] ?? reach.name,
    practice: practice.name,
    phone: practice.phone,
    ...(drug === null ? {} : { drug }),
  };
}

/** A question as one phone sees it: its letters under it. The page shows them as buttons as well. */
export function withLetters(
  text: string,
  choices: readonly { readonly key: string; readonly label: string }[],
): string {
  return [text, ...choices.map(({ key, label }) => `${key} ${label}`)].join('\n');
}
