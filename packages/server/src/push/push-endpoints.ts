/** The push services of the browsers. A leading dot stands for any name below it. */
const PUSH_SERVICES = [
  'fcm.googleapis.com',
  '.push.services.mozilla.com',
  '.push.apple.com',
  '.notify.windows.com',
] as const;

export interface PushEndpoints {
  /** null: not an endpoint that this server sends to. `trusted`: the operator named the host, which may lie inside. */
  judge(endpoint: string): { readonly url: URL; readonly trusted: boolean } | null;
}

/** Push goes to the services of the browsers only, and to hosts (`host` or `host:port`) that the operator adds (threat T21). */
export function createPushEndpoints(addedHosts: readonly string[]): PushEndpoints {
  const added = new Set(addedHosts);
  return {
    judge(endpoint) {
      const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
      if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '')
        return null;
      if (added.has(url.host)) return { url, trusted: true };
      const isKnown =
        url.port === '' &&
        PUSH_SERVICES.some((host) =>
          host.startsWith('.') ? url.hostname.endsWith(host) : url.hostname === host,
        );
      return isKnown ? { url, trusted: false } : null;
    },
  };
}
