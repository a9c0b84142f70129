import { constants, accessSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SYSTEM_CHROMIUM = '/usr/bin/chromium';
/** Any value with a known version makes @sparticuz/chromium unpack the libraries that a bare machine lacks; read at its first import. */
const BUNDLED_LIBRARIES = { name: 'AWS_LAMBDA_JS_RUNTIME', value: 'nodejs22.x' } as const;

// Arguments that leave the browser's security as it is for users. The list that comes with @sparticuz/chromium switches web security and
// site isolation off, under which a test of CSP or CORS proves nothing.
const SAFE_ARGUMENTS = [
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--no-first-run',
] as const;

export interface Chromium {
  readonly executablePath: string;
  readonly source: 'CHROMIUM_PATH' | 'system' | 'package';
  /** For `chromium.launch` of playwright-core. */
  readonly launchOptions: {
    readonly executablePath: string;
    readonly headless: true;
    readonly args: string[];
    readonly env: Record<string, string>;
  };
}

export interface FindChromiumOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** `/usr/bin/chromium`; tests look elsewhere. */
  readonly systemPath?: string;
  readonly loadPackage?: () => Promise<ChromiumPackage>;
}

export interface ChromiumPackage {
  executablePath(): Promise<string>;
}

/**
 * A Chromium that tests can start, looked up in this order: `$CHROMIUM_PATH`, the system's, the npm package's. Throws a sentence that names
 * what is missing and what to do.
 */
export async function findChromium(options: FindChromiumOptions = {}): Promise<Chromium> {
  const env = options.env ?? process.env;
  const named = env['CHROMIUM_PATH'];
  if (named !== undefined && named !== '') {
    const why = whyNotRunnable(named);
    // A path that somebody named and that does not work is never passed over in silence.
    if (why !== null) throw new Error(`CHROMIUM_PATH is ${named}, but ${why}. Correct it, or unset it.`);
    return describe(named, 'CHROMIUM_PATH', env);
  }
  const system = options.systemPath ?? SYSTEM_CHROMIUM;
  if (whyNotRunnable(system) === null) return describe(system, 'system', env);
  return fromPackage(options.loadPackage ?? loadChromiumPackage, { system, env });
}

async function fromPackage(
  load: () => Promise<ChromiumPackage>,
  looked: { readonly system: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<Chromium> {
  const advice =
    'Install one (Debian: apt-get install chromium), or set CHROMIUM_PATH, or run npm install so that @sparticuz/chromium is there.';
  const before = `No Chromium: CHROMIUM_PATH is not set, ${looked.system} ${whyNotRunnable(looked.system)}`;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    const machine = `${process.platform}-${process.arch}`;
    throw new Error(
      `${before}, and @sparticuz/chromium has no build for ${machine} (Linux on x64 only). ${advice}`,
    );
  }
  try {
    const path = await (await load()).executablePath();
    return describe(path, 'package', { ...looked.env, ...bundledLibraries(looked.env) });
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new Error(`${before}, and @sparticuz/chromium could not be used (${cause}). ${advice}`, {
      cause: error,
    });
  }
}

/** Both the import and the unpacking read and change the environment of this process; only the browser shall see that. */
async function loadChromiumPackage(): Promise<ChromiumPackage> {
  const { default: chromium, inflate } = await inBundledSurroundings(() => import('@sparticuz/chromium'));
  return {
    executablePath: () =>
      inBundledSurroundings(async () => {
        const path = await chromium.executablePath();
        // A browser that was unpacked before, by something that did not ask for the libraries, hides that they are missing.
        if (!existsSync(join(tmpdir(), 'al2023'))) await inflate(bundledArchive('al2023.tar.br'));
        return path;
      }),
  };
}

function bundledArchive(name: string): string {
  return fileURLToPath(new URL(`../bin/${name}`, import.meta.resolve('@sparticuz/chromium')));
}

async function inBundledSurroundings<T>(task: () => Promise<T>): Promise<T> {
  const names = [BUNDLED_LIBRARIES.name, 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH', 'HOME'];
  const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  process.env[BUNDLED_LIBRARIES.name] = BUNDLED_LIBRARIES.value;
  try {
    return await task();
  } finally {
    for (const name of names) restore(before, name);
  }
}

function restore(before: Readonly<Record<string, string | undefined>>, name: string): void {
  const value = before[name];
  if (value === undefined) Reflect.deleteProperty(process.env, name);
  else process.env[name] = value;
}

/** Where @sparticuz/chromium unpacks its libraries and fonts. */
function bundledLibraries(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const own = env['LD_LIBRARY_PATH'];
  const libraries = join(tmpdir(), 'al2023', 'lib');
  return {
    LD_LIBRARY_PATH: own === undefined ? libraries : `${libraries}:${own}`,
    FONTCONFIG_PATH: env['FONTCONFIG_PATH'] ?? join(tmpdir(), 'fonts'),
    HOME: env['HOME'] ?? tmpdir(),
  };
}

function describe(
  executablePath: string,
  source: Chromium['source'],
  env: Readonly<Record<string, string | undefined>>,
): Chromium {
  // Chromium refuses its sandbox to root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox', ...SAFE_ARGUMENTS] : [...SAFE_ARGUMENTS];
  const definite = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    executablePath,
    source,
    launchOptions: { executablePath, headless: true, args, env: Object.fromEntries(definite) },
  };
}

/** null when it can be run; otherwise the end of a sentence. */
function whyNotRunnable(path: string): string | null {
  if (!existsSync(path)) return 'does not exist';
  try {
    accessSync(path, constants.X_OK);
    return null;
  } catch {
    return 'may not be executed by this user';
  }
}
