// The service worker: shows that there is something and how urgent it is, and opens the app. It sees nothing else, and it caches nothing:
// what a push carries is kept by the operating system (docs/protocol/batons.md §6).

const WORDS = {
  en: {
    stat: ['STAT', 'Open Baton. This is not a primary alarm.'],
    talk: ['Call me', 'Somebody asks for a call. Open Baton.'],
    reply: ['Baton', 'Something waits for your answer.'],
  },
  es: {
    stat: ['STAT', 'Abra Baton. Esto no es una alarma principal.'],
    talk: ['Llámeme', 'Alguien pide una llamada. Abra Baton.'],
    reply: ['Baton', 'Algo espera su respuesta.'],
  },
};
const words = WORDS[new URL(self.location.href).searchParams.get('language')] ?? WORDS.en;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => {
  const { kind, tag } = readPush(event.data);
  const [title, body] = words[kind];
  const isStat = kind === 'stat';
  event.waitUntil(
    self.registration.showNotification(title, {
      body,
      icon: '/icon.svg',
      tag: isStat ? `stat ${tag}` : 'baton',
      renotify: true,
      requireInteraction: isStat,
    }),
  );
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openBatons());
});

/** Anything that cannot be read is still a push: something is shown. */
function readPush(data) {
  try {
    const { kind, tag } = data.json();
    return { kind: Object.hasOwn(words, kind) ? kind : 'reply', tag: String(tag) };
  } catch {
    return { kind: 'reply', tag: '' };
  }
}

async function openBatons() {
  const [page] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (page === undefined) return self.clients.openWindow('/');
  page.postMessage({ t: 'open-batons' });
  return page.focus();
}
