import module, { syncBuiltinESMExports } from 'node:module';
import { pathToFileURL } from 'node:url';
import { isDigested, streetOf } from '../program-folder.ts';
import programImports from './program-imports.json' with { type: 'json' };

const pathOf = (url: string, home: string): string =>
  decodeURIComponent(new URL(url).pathname).slice(decodeURIComponent(new URL(home).pathname).length);

/** What a program may import beside its own files, by street. The sources are checked against the same list (tools: house, agents). */
const ALLOWED: Readonly<Record<keyof typeof programImports, ReadonlySet<string>>> = {
  agents: new Set(programImports.agents),
  bridges: new Set(programImports.bridges),
};

class ImportRefused extends Error {
  override readonly name = 'ImportRefused';
  readonly code = 'ERR_IMPORT_REFUSED';
}

/**
 * Takes from this process what Node's permissions leave open: signals to other processes, and built-in modules by the back door. Answers how to
 * confine a program's folder: its files import each other and the packages that are meant for it, nothing else.
 */
export function guardProcess(): (folder: string) => void {
  const deny = (what: string) => (): never => {
    throw new ImportRefused(`${what} is not for assistants`);
  };
  for (const name of [
    'kill',
    '_kill',
    '_debugProcess',
    'dlopen',
    'getBuiltinModule',
    'binding',
    '_linkedBinding',
  ])
    Object.defineProperty(process, name, { value: deny(name), writable: false, configurable: false });
  syncBuiltinESMExports();
  return (folder) => {
    const home = `${pathToFileURL(folder).href}/`;
    const allowed = ALLOWED[streetOf(folder)];
    module.registerHooks({
      resolve(specifier, context, next) {
        if (context.parentURL?.startsWith(home) !== true) return next(specifier, context);
        // From here, so that nothing in the program's folder stands in for a package of the project.
        if (allowed.has(specifier)) return next(specifier, { ...context, parentURL: import.meta.url });
        const resolved = /^\.{1,2}\//.test(specifier) ? next(specifier, context) : null;
        // What the digest leaves out is not what the organisation has signed.
        if (resolved?.url.startsWith(home) === true && isDigested(pathOf(resolved.url, home)))
          return resolved;
        throw new ImportRefused(`${specifier} is not for assistants`);
      },
    });
  };
}
