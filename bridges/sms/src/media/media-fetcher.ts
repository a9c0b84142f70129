import { type Egress } from '@baton/agent';
import { type Bytes, concatBytes, type Timers } from '@baton/kernel';
import type { FetchedMedia } from '../carriers/carrier.ts';
import { kindOfBytes } from './kind-of-bytes.ts';
import type { Scan } from './malware-scanner.ts';

/** Carriers' own limit for all files of a message. */
export const MEDIA_LIMIT_BYTES = 5 * 1024 * 1024;
const MEDIA_LIMIT_MS = 20_000;
const MOST_REDIRECTS = 2;

export interface MediaFetcherPorts {
  readonly egress: Egress;
  readonly wait: Timers;
  /** null: none is set up. */
  readonly scan: Scan | null;
  /** The provider's own addresses. */
  readonly origins: readonly string[];
  /** Header fields that say who asks; for the address that needs them and no other. */
  readonly credentials: (url: URL) => Readonly<Record<string, string>>;
  readonly limitMs?: number;
}

/**
 * Fetches a file that came with a text: from the provider's own addresses only, wherever it is sent on to (T22), within limits of size and time.
 * What it is, its bytes decide.
 */
export async function fetchMedia(url: string, ports: MediaFetcherPorts): Promise<FetchedMedia> {
  const abort = new AbortController();
  const cancel = ports.wait.after(ports.limitMs ?? MEDIA_LIMIT_MS, () => abort.abort());
  try {
    const got = await download(url, ports, abort.signal);
    if (!got.ok) return got;
    const kind = kindOfBytes(got.bytes);
    if (kind === null) return { ok: false, why: 'kind' };
    const verdict = ports.scan ? await ports.scan(got.bytes) : 'clean';
    if (verdict !== 'clean') return { ok: false, why: verdict === 'found' ? 'malware' : 'scanner' };
    return { ok: true, bytes: got.bytes, ...kind };
  } catch {
    return { ok: false, why: abort.signal.aborted ? 'too-slow' : 'missing' };
  } finally {
    cancel();
  }
}

type Download = { readonly ok: true; readonly bytes: Bytes } | Extract<FetchedMedia, { readonly ok: false }>;

async function download(first: string, ports: MediaFetcherPorts, signal: AbortSignal): Promise<Download> {
  let next = first;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const url = URL.canParse(next) ? new URL(next) : null;
    if (url === null || url.username !== '' || url.password !== '' || !ports.origins.includes(url.origin))
      return { ok: false, why: redirects === 0 ? 'host' : 'redirect' };
    const response = await ports.egress.fetch(url.href, {
      headers: { ...ports.credentials(url) },
      redirect: 'manual',
      signal,
    });
    const { status } = response;
    if (status === 200) return readLimited(response);
    await response.body?.cancel();
    const location = response.headers.get('location');
    if (status < 300 || status >= 400 || location === null) return { ok: false, why: 'missing' };
    if (!URL.canParse(location, url.href)) return { ok: false, why: 'redirect' };
    next = new URL(location, url).href;
  }
  return { ok: false, why: 'redirect' };
}

/** Counts what arrives: a length that the other side states is a promise. */
async function readLimited(response: Response): Promise<Download> {
  const chunks: Bytes[] = [];
  let size = 0;
  const reader: ReadableStreamDefaultReader<Bytes> | undefined = response.body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (part?.value === undefined) break;
    size += part.value.length;
    if (size > MEDIA_LIMIT_BYTES) {
      await reader?.cancel();
      return { ok: false, why: 'too-large' };
    }
    chunks.push(part.value);
  }
  return size === 0 ? { ok: false, why: 'missing' } : { ok: true, bytes: concatBytes(...chunks) };
}
