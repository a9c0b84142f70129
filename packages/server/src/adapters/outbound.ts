import { type LookupAddress, lookup as lookupHost } from 'node:dns';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import type { Bytes } from '@baton/kernel';
import { isPublicAddress } from './public-address.ts';

/** What the server posts to the outside: push services and webhooks. Its only way out. */
export interface Outbound {
  post(what: OutboundPost): Promise<OutboundResult>;
}

export interface OutboundPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Bytes;
  /** A host that the operator named: it may have any address. */
  readonly trusted: boolean;
  /** Without encryption, to this machine alone. */
  readonly plainLoopback: boolean;
}

/** A redirect is an answer like any other and is not followed. */
export type OutboundResult =
  | { readonly ok: true; readonly status: number }
  | { readonly ok: false; readonly failure: 'refused' | 'timeout' | 'unreachable' | 'certificate' };

const TIMEOUT_MS = 10_000;
/** Of an answer no more than this is taken in, and none of it is kept. */
const MAX_ANSWER_BYTES = 64 * 1024;
const REFUSED = 'EREFUSEDADDRESS';

const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);

/**
 * Sends where nobody but the operator can make it go inside (threat T21): https only, no redirects, and addresses are judged where the
 * connection is made, so that a name that resolves to something else the second time changes nothing. `ca`: trusted beside the usual ones.
 */
export function createOutbound(options: { ca?: string; timeoutMs?: number } = {}): Outbound {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  return {
    post(what) {
      const url = URL.canParse(what.url) ? new URL(what.url) : null;
      if (url === null || !isSendable(url, what)) return Promise.resolve({ ok: false, failure: 'refused' });
      return new Promise((resolve) => {
        const send = url.protocol === 'https:' ? requestTls : requestPlain;
        const request = send(url, {
          method: 'POST',
          headers: { ...what.headers, 'content-length': what.body.length },
          agent: false,
          signal: AbortSignal.timeout(timeoutMs),
          lookup: isInside(url, what) ? lookupAny : lookupPublic,
          ...(options.ca === undefined ? {} : { ca: [...rootCertificates, options.ca] }),
        });
        request.on('response', (response) => {
          const status = response.statusCode ?? 0;
          let taken = 0;
          response.on('data', (chunk: Buffer) => {
            taken += chunk.length;
            if (taken > MAX_ANSWER_BYTES) response.destroy();
          });
          response.on('close', () => resolve({ ok: true, status }));
          response.on('error', () => {});
        });
        request.on('error', (error) => resolve({ ok: false, failure: failureOf(error) }));
        request.end(what.body);
      });
    },
  };
}

type Rule = Pick<OutboundPost, 'trusted' | 'plainLoopback'>;

/** Whether it would be tried at all; what a name resolves to is judged when it is. */
export function isSendable(url: URL, what: Rule): boolean {
  if (url.username !== '' || url.password !== '') return false;
  if (url.protocol === 'http:') return what.plainLoopback && isLoopbackHost(url.hostname);
  if (url.protocol !== 'https:') return false;
  // An address instead of a name is never looked up.
  const literal = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(literal) === 0 || isPublicAddress(literal) || isInside(url, what);
}

/** Where the operator has said that an address of the inside is meant. */
function isInside(url: URL, what: Rule): boolean {
  return what.trusted || (what.plainLoopback && isLoopbackHost(url.hostname));
}

const lookupAny: LookupFunction = (host, options, done) =>
  lookupHost(host, { ...options, all: true }, (error, addresses) => answer(error, addresses, options, done));

const lookupPublic: LookupFunction = (host, options, done) =>
  lookupHost(host, { ...options, all: true }, (error, addresses) => {
    // One private address among public ones is no accident either.
    const isFine = error !== null || addresses.every(({ address }) => isPublicAddress(address));
    const refused = Object.assign(new Error('address'), { code: REFUSED });
    answer(isFine ? error : refused, addresses, options, done);
  });

function answer(
  error: NodeJS.ErrnoException | null,
  addresses: readonly LookupAddress[] | undefined,
  options: Parameters<LookupFunction>[1],
  done: Parameters<LookupFunction>[2],
): void {
  const [first] = addresses ?? [];
  if (error !== null || addresses === undefined || first === undefined)
    return done(error ?? new Error('no address'), '', 0);
  if (options.all === true) done(null, [...addresses]);
  else done(null, first.address, first.family);
}

function failureOf(error: Error): Extract<OutboundResult, { ok: false }>['failure'] {
  const code = 'code' in error ? String(error.code) : '';
  if (code === REFUSED) return 'refused';
  if (error.name === 'AbortError' || error.name === 'TimeoutError' || code === 'ABORT_ERR') return 'timeout';
  return /CERT|TLS|SSL|ISSUER|SELF_SIGNED|ALTNAME/.test(code) ? 'certificate' : 'unreachable';
}
