export type TextToken =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'mention'; readonly text: string; readonly id: string }
  | { readonly type: 'link'; readonly text: string; readonly href: string }
  | { readonly type: 'phone'; readonly text: string; readonly href: string };

export interface Mentionable {
  readonly id: string;
  readonly name: string;
}

const LINK = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}]/g;
/** Ten digits as they are written in North America, with or without the country code: a tap calls. */
const PHONE = /(?<![\w-])(?:\+?1[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\w-])/g;

/** Cuts a message into plain text, mentions of its members, web addresses and phone numbers. The pieces joined give the text again. */
export function tokenizeText(text: string, mentions: readonly Mentionable[]): readonly TextToken[] {
  const marks: { readonly at: number; readonly token: TextToken }[] = [];
  for (const match of text.matchAll(LINK)) {
    marks.push({ at: match.index, token: { type: 'link', text: match[0], href: match[0] } });
  }
  for (const match of text.matchAll(PHONE)) {
    const href = `tel:${match[0].replaceAll(/[^\d+]/g, '')}`;
    marks.push({ at: match.index, token: { type: 'phone', text: match[0], href } });
  }
  // Longest name first, so that "@Ana Ruiz" is not read as "@Ana".
  for (const { id, name } of [...mentions].sort((a, b) => b.name.length - a.name.length)) {
    const needle = `@${name}`;
    for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + needle.length)) {
      marks.push({ at, token: { type: 'mention', text: needle, id } });
    }
  }
  marks.sort((a, b) => a.at - b.at || b.token.text.length - a.token.text.length);

  const tokens: TextToken[] = [];
  let end = 0;
  for (const { at, token } of marks) {
    if (at < end) continue;
    if (at > end) tokens.push({ type: 'text', text: text.slice(end, at) });
    tokens.push(token);
    end = at + token.text.length;
  }
  if (end < text.length) tokens.push({ type: 'text', text: text.slice(end) });
  return tokens;
}
