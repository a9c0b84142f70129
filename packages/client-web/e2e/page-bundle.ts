import { fileURLToPath } from 'node:url';
import type { ProxyAnswer } from '@baton/testkit';
import { build, type Rolldown } from 'vite';

const ENTRY = 'virtual:page';
const FOLDER = '/app/';

/** What the product's server sends with the app, without the parts about styles. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "worker-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types default 'allow-duplicates'",
].join('; ');

const PAGE_SOURCE = `
  import * as adapters from '@baton/client-web';
  globalThis.violations = [];
  addEventListener('securitypolicyviolation', (event) =>
    globalThis.violations.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));
  globalThis.adapters = adapters;
`;

const PAGE = `<!doctype html><html lang="en"><title>Adapters</title><script type="module" src="${FOLDER}page.js"></script></html>`;

/** Scripts by path, bundled as the app is: minified, with lazy chunks. */
export async function bundlePage(): Promise<ReadonlyMap<string, string>> {
  const result = await build({
    configFile: false,
    root: fileURLToPath(new URL('..', import.meta.url)),
    base: FOLDER,
    logLevel: 'error',
    plugins: [
      {
        name: 'page',
        resolveId: (id) => (id === ENTRY ? id : null),
        load: (id) => (id === ENTRY ? PAGE_SOURCE : null),
      },
    ],
    build: {
      target: 'es2024',
      write: false,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: { page: ENTRY }, output: { entryFileNames: '[name].js' } },
    },
  });
  const { output } = (Array.isArray(result) ? result[0] : result) as Rolldown.RolldownOutput;
  return new Map(
    output.flatMap((part) => (part.type === 'chunk' ? [[`${FOLDER}${part.fileName}`, part.code]] : [])),
  );
}

/**
 * Answers `/app/` and its scripts. Over the network and not by interception: a page that came from no address may not open sockets to this
 * machine (Local Network Access).
 */
export function pageAnswers(
  scripts: ReadonlyMap<string, string>,
): (request: { readonly path: string }) => ProxyAnswer | null {
  return ({ path }) => {
    if (!path.startsWith(FOLDER)) return null;
    const body = path === FOLDER ? PAGE : scripts.get(path);
    const type = path === FOLDER ? 'text/html; charset=utf-8' : 'text/javascript';
    return {
      status: body === undefined ? 404 : 200,
      headers: {
        'content-security-policy': POLICY,
        'content-type': type,
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      },
      body: body ?? '',
    };
  };
}
