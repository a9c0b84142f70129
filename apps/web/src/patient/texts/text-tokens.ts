export type TextToken =
  | { readonly t: 'text'; readonly text: string }
  | { readonly t: 'link'; readonly text: string; readonly href: string };

/** Addresses of pages, and numbers as they are written in North America. Nothing else becomes a link. */
const LINKS =
  /https:\/\/[^\s<>"]+[^\s<>".,;:!?)\]'}]|(?<![\d-])(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\d-])/g;

/** What a practice wrote, with what can be tapped. */
export function tokensOf(text: string): readonly TextToken[] {
  const tokens: TextToken[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(LINKS)) {
    const href = found.startsWith('https:') ? found : `tel:${found.replaceAll(/[^+\d]/g, '')}`;
    if (!URL.canParse(href)) continue;
    if (index > from) tokens.push({ t: 'text', text: text.slice(from, index) });
    tokens.push({ t: 'link', text: found, href });
    from = index + found.length;
  }
  if (from < text.length) tokens.push({ t: 'text', text: text.slice(from) });
  return tokens;
}
