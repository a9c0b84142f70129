import { err, ok, type Result } from '@baton/kernel';
import { z } from 'zod';

/** Settings of the station, read once from the environment (the only file of this app that does). */
export interface StationConfig {
  /** Address of the message server, without a trailing slash. */
  readonly serverUrl: string;
  /** The station's own folder: keys and sealed values, never shared with the server. */
  readonly dataDir: string;
  /** Address that people open; sign-in links are made with it. */
  readonly publicUrl: string;
  /** Where the station listens: carriers' webhooks and the phone simulator come here, never to the message server. */
  readonly listener: { readonly host: string; readonly port: number };
  /** Where HL7 v2 interfaces come in (MLLP); null: nowhere. */
  readonly mllp: { readonly host: string; readonly port: number } | null;
  /** Set while the demo practice is wanted: the token that lets this station make it, and where its sign-in links go. */
  readonly demo: { readonly seedToken: string; readonly dir: string } | null;
}

const hostField = z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/);
const portField = z
  .string()
  .regex(/^[0-9]{1,5}$/)
  .transform(Number)
  .refine((port) => port >= 1 && port <= 65_535);

const environmentSchema = z.object({
  BATON_STATION_SERVER_URL: z.url({ protocol: /^https?$/ }).default('http://localhost:8420'),
  BATON_STATION_DATA_DIR: z.string().min(1).default('.baton/station'),
  BATON_STATION_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  BATON_STATION_HOST: hostField.default('127.0.0.1'),
  BATON_STATION_PORT: portField.optional(),
  BATON_MLLP_HOST: hostField.default('127.0.0.1'),
  BATON_MLLP_PORT: portField.optional(),
  BATON_STATION_DEMO_TOKEN: z.string().min(20).max(100).optional(),
  BATON_STATION_DEMO_DIR: z.string().min(1).default('.baton/demo'),
});

/** The error is a sentence that names the setting at fault. */
export function readStationConfig(
  environment: Readonly<Record<string, string | undefined>>,
): Result<StationConfig, string> {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0] ?? 'the environment');
    return err(`${name} has a wrong value: ${issue?.message ?? 'not understood'}.`);
  }
  const { data } = parsed;
  const serverUrl = data.BATON_STATION_SERVER_URL.replace(/\/$/, '');
  return ok({
    serverUrl,
    dataDir: data.BATON_STATION_DATA_DIR,
    publicUrl: (data.BATON_STATION_PUBLIC_URL ?? serverUrl).replace(/\/$/, ''),
    listener: {
      host: data.BATON_STATION_HOST,
      port: data.BATON_STATION_PORT ?? nextPort(serverUrl),
    },
    mllp:
      data.BATON_MLLP_PORT === undefined ? null : { host: data.BATON_MLLP_HOST, port: data.BATON_MLLP_PORT },
    demo:
      data.BATON_STATION_DEMO_TOKEN === undefined
        ? null
        : { seedToken: data.BATON_STATION_DEMO_TOKEN, dir: data.BATON_STATION_DEMO_DIR },
  });
}

/** The one beside the server's; 8421 where that has none of its own (a server elsewhere, behind HTTPS). */
function nextPort(serverUrl: string): number {
  const port = Number(new URL(serverUrl).port);
  return port > 0 && port < 65_535 ? port + 1 : 8421;
}

export function stationConfigFromProcess(): Result<StationConfig, string> {
  return readStationConfig(process.env);
}
