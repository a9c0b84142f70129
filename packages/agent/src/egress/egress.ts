import { AgentError } from '../agent-error.ts';

/** `name` or `name:port` of a manifest; without a port HTTPS is meant. */
export interface AllowedHost {
  readonly host: string;
  readonly port: number;
}

const HTTPS = 443;

export function parseHost(text: string): AllowedHost {
  const colon = text.lastIndexOf(':');
  if (colon < 0) return { host: text.toLowerCase(), port: HTTPS };
  return { host: text.slice(0, colon).toLowerCase(), port: Number(text.slice(colon + 1)) };
}

function isAllowedUrl(url: URL, hosts: readonly AllowedHost[]): boolean {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return false;
  const port = url.port === '' ? (url.protocol === 'https:' ? HTTPS : 80) : Number(url.port);
  return hosts.some((allowed) => allowed.host === url.hostname.toLowerCase() && allowed.port === port);
}

export interface Egress {
  /**
   * As the global `fetch`, to hosts of the manifest only; redirects are never followed: they are an error, or with `redirect: 'manual'` the
   * answer. Throws AgentError `egress`.
   */
  fetch(url: string, init?: RequestInit): Promise<Response>;
}

/** The polite half: it refuses before anything is sent. The station's guard refuses what does not ask here (docs/protocol/agents.md §6). */
export function createEgress(
  hosts: readonly string[],
  request: (url: string, init: RequestInit) => Promise<Response>,
): Egress {
  const allowed = hosts.map(parseHost);
  return {
    async fetch(url, init = {}) {
      const parsed = URL.canParse(url) ? new URL(url) : null;
      if (parsed === null || !isAllowedUrl(parsed, allowed))
        throw new AgentError('egress', parsed?.host ?? 'url');
      return request(url, { ...init, redirect: init.redirect === 'manual' ? 'manual' : 'error' });
    },
  };
}
