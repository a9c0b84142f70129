import { expect, it } from 'vitest';

// Everything that a push could carry, and what the operating system is then given to keep.

interface Shown {
  readonly title: string;
  readonly options: Readonly<Record<string, unknown>>;
}
const CANARY = 'Wimbledorf, Rosa: chest pain';
/** As the server makes one for each push (`packages/server/src/push`). */
const TAG = 'Zm9vYmFyYmF6cXV4';

const listeners = new Map<string, (event: object) => void>();
const shown: Shown[] = [];
Object.assign(globalThis, {
  location: { href: 'https://baton.example/service-worker.js?language=en' },
  registration: {
    showNotification: async (title: string, options: Shown['options']) => void shown.push({ title, options }),
  },
  addEventListener: (type: string, listener: (event: object) => void) => listeners.set(type, listener),
});
await import('./service-worker.ts');

function push(json: () => unknown): Shown {
  let work: Promise<unknown> | null = null;
  listeners.get('push')?.({ data: { json }, waitUntil: (given: Promise<unknown>) => (work = given) });
  const last = shown.at(-1);
  if (work === null || last === undefined) throw new Error('nothing was shown');
  return last;
}

const FULL = { v: 1, title: CANARY, body: CANARY, text: CANARY, name: CANARY, icon: CANARY, data: CANARY };

it.each(['stat', 'talk', 'reply', CANARY])(
  'T16 shows fixed words, whatever a push of kind %s says',
  (kind) => {
    const { title, options } = push(() => ({ ...FULL, kind, tag: TAG }));
    expect(JSON.stringify({ title, options })).not.toContain('Wimbledorf');
    expect(Object.keys(options).sort()).toEqual(['body', 'icon', 'renotify', 'requireInteraction', 'tag']);
    expect(['STAT', 'Call me', 'Baton']).toContain(title);
  },
);

it('T16 shows that there is something where a push cannot be read', () => {
  const broken = push(() => {
    throw new SyntaxError(CANARY);
  });
  expect(broken).toMatchObject({ title: 'Baton', options: { tag: 'baton' } });
});

it('T17 tags a notification by chance or by nothing: no id, name or text of anything', () => {
  expect(push(() => ({ ...FULL, kind: 'stat', tag: TAG })).options['tag']).toBe(`stat ${TAG}`);
  for (const kind of ['talk', 'reply'])
    expect(push(() => ({ ...FULL, kind, tag: TAG })).options['tag']).toBe('baton');
});

it.each([CANARY, 'e_AAAAAAAAAAAAAAAAAAAAAA', `${TAG}A`, '', 7, null, { name: CANARY }])(
  'T17 takes no tag that is not of the server’s kind: %s',
  (tag) => {
    const { options } = push(() => ({ kind: 'stat', tag }));
    expect(options['tag']).toBe('stat ');
  },
);
