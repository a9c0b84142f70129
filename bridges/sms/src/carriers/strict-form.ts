import { type Bytes, decodeUtf8 } from '@baton/kernel';

const FORM = /^application\/x-www-form-urlencoded\s*(?:;\s*charset=utf-8\s*)?$/i;
const MOST_FIELDS = 200;

/**
 * A form as one reading of its bytes: a field that is there twice, a broken escape or bytes that are no UTF-8 make it none at all, so that
 * what was signed and what is read cannot be two things.
 */
export function parseStrictForm(
  contentType: string | undefined,
  body: Bytes,
): Readonly<Record<string, string>> | null {
  const text = FORM.test(contentType ?? '') ? decodeUtf8(body) : null;
  if (text === null || text === '') return null;
  const fields = new Map<string, string>();
  for (const pair of text.split('&')) {
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = decode(equals < 0 ? '' : pair.slice(equals + 1));
    if (name === null || value === null || name === '' || fields.has(name) || fields.size >= MOST_FIELDS)
      return null;
    fields.set(name, value);
  }
  // Without a prototype: a field may have any name.
  return Object.assign(Object.create(null) as Record<string, string>, Object.fromEntries(fields));
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
