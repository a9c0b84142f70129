// The service worker: shows that there is something and how urgent it is, and opens the app. It sees nothing else, and it caches nothing:
// what a push carries is kept by the operating system (docs/protocol/batons.md §6). It is built on its own, and imports nothing.

type Kind = 'stat' | 'talk' | 'reply';
/** Random, and nothing else: a tag is kept by the operating system too. */
const TAG = /^[A-Za-z0-9_-]{16}$/;
type Words = Readonly<Record<Kind, readonly [title: string, body: string]>>;

/** As much of the worker's global as is used: the page's types have none of it. */
interface WorkerScope {
  readonly location: { readonly href: string };
  readonly registration: {
    showNotification(title: string, options: Readonly<Record<string, unknown>>): Promise<void>;
  };
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: {
      readonly type: 'window';
      readonly includeUncontrolled: true;
    }): Promise<readonly Page[]>;
    openWindow(address: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Extendable) => void): void;
  addEventListener(type: 'push', listener: (event: PushHappened) => void): void;
  addEventListener(type: 'notificationclick', listener: (event: Pressed) => void): void;
}
interface Extendable {
  waitUntil(work: Promise<unknown>): void;
}
interface PushHappened extends Extendable {
  readonly data: { json(): unknown } | null;
}
interface Pressed extends Extendable {
  readonly notification: { close(): void };
}
interface Page {
  postMessage(message: unknown, options: object): void;
  focus(): Promise<unknown>;
}

export const scope = globalThis as unknown as WorkerScope;

const ENGLISH: Words = {
  stat: ['STAT', 'Open Baton. This is not a primary alarm.'],
  talk: ['Call me', 'Somebody asks for a call. Open Baton.'],
  reply: ['Baton', 'Something waits for your answer.'],
};
const SPANISH: Words = {
  stat: ['STAT', 'Abra Baton. Esto no es una alarma principal.'],
  talk: ['Llámeme', 'Alguien pide una llamada. Abra Baton.'],
  reply: ['Baton', 'Algo espera su respuesta.'],
};
const words = new URL(scope.location.href).searchParams.get('language') === 'es' ? SPANISH : ENGLISH;

scope.addEventListener('install', (event) => event.waitUntil(scope.skipWaiting()));
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));

scope.addEventListener('push', (event) => {
  const { kind, tag } = readPush(event.data);
  const [title, body] = words[kind];
  const isStat = kind === 'stat';
  event.waitUntil(
    scope.registration.showNotification(title, {
      body,
      icon: '/icon.svg',
      tag: isStat ? `stat ${tag}` : 'baton',
      renotify: true,
      requireInteraction: isStat,
    }),
  );
});

scope.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openBatons());
});

/** Anything that cannot be read is still a push: something is shown. */
function readPush(data: PushHappened['data']): { readonly kind: Kind; readonly tag: string } {
  try {
    const { kind, tag } = (data?.json() ?? {}) as { readonly kind?: unknown; readonly tag?: unknown };
    return {
      kind: kind === 'stat' || kind === 'talk' ? kind : 'reply',
      tag: typeof tag === 'string' && TAG.test(tag) ? tag : '',
    };
  } catch {
    return { kind: 'reply', tag: '' };
  }
}

async function openBatons(): Promise<void> {
  const [page] = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (page === undefined) {
    await scope.clients.openWindow('/');
    return;
  }
  page.postMessage({ t: 'open-batons' }, {});
  await page.focus();
}
