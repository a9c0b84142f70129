import type { IncomingHttpHeaders } from 'node:http';

/** By which a proxy says that it asks for somebody else. */
const PROXY_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'] as const;

export interface LocalityQuestion {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** Address of whoever is connected. */
  readonly remote: string | undefined;
  /** The listener's own port. */
  readonly port: number;
}

/**
 * Whether a person on this machine asks, from a page of this listener or from none: by its own name and port (so that no foreign name that
 * was pointed here gets an answer), from this machine, through no proxy, and from no other site's page.
 */
export function isLocalRequest({ method, headers, remote, port }: LocalityQuestion): boolean {
  if (!isLoopbackAddress(remote)) return false;
  const own = [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`];
  if (headers.host === undefined || !own.includes(headers.host)) return false;
  if (PROXY_HEADERS.some((name) => headers[name] !== undefined)) return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return isNavigation(method, headers);
  if (headers.origin !== undefined) return headers.origin === `http://${headers.host}`;
  // What changes something says where it comes from: browsers always do.
  return method === 'GET';
}

/** A link elsewhere that somebody followed: the page opens, and shows nothing to where it was followed from. */
function isNavigation(method: string, headers: IncomingHttpHeaders): boolean {
  return (
    method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  );
}

function isLoopbackAddress(address: string | undefined): boolean {
  return address !== undefined && /^(?:::1|(?:::ffff:)?127(?:\.\d{1,3}){3})$/.test(address);
}
